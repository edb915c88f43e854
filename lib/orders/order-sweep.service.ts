import { expectWired } from '../domain/expect-wired.js';
import { checkSource } from '../domain/flows/run-many.js';
import { checkCallOptions, checkConcurrency, type SweepOptions } from '../domain/options.js';
import type { MerchantsAccess } from '../domain/ports/merchants-access.js';
import { sweep, type SweepOutcome } from '../domain/tracking/sweep.js';
import type { TrackedOrder } from '../domain/tracking/tracked-order.js';

/** Asks WeChat Pay about the open orders of all merchants. The app's own table is the store. */
export class OrderSweepService {
  readonly #merchants: MerchantsAccess;

  /** @internal */
  constructor(merchants: MerchantsAccess) {
    expectWired('OrderSweepService', merchants);
    this.#merchants = merchants;
  }

  /**
   * Queries each order that has not expired and settles each that has, several at a time, and yields each outcome as soon as it
   * is known, not in the order of `open`.
   *
   * An order that a query shows paid or closed is settled at once. The failure of one order, which may be a malformed row or a
   * merchant that is not registered, does not stop the others. If WeChat Pay limits the rate of a merchant, its orders
   * wait, and each is asked about up to five times. Other merchants are asked meanwhile, unless a thousand orders wait: the
   * sweep then reads the next order when one of them ends.
   *
   * Memory does not grow with the number of orders. Any number of sweeps may overlap, in any number of processes: an order may
   * then be reported twice, with the same outcome. Leaving the loop ends the calls under way and closes the source; a close that
   * was already sent may take effect, and the next sweep reports it.
   *
   * @param open any iterable, such as an array or a database cursor; its objects may have other members, and are returned as they
   * are
   * @throws {WxPayInputError} at the call, if `open` or an option is malformed
   * @throws during the iteration: the source's error; `signal.reason` if the caller aborts; WxPayTransportError when the app is closed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012075249
   */
  sweep<T extends TrackedOrder>(
    open: Iterable<T> | AsyncIterable<T>,
    options: SweepOptions = {},
  ): AsyncGenerator<SweepOutcome<T>, void, undefined> {
    checkCallOptions(options);
    checkConcurrency(options.concurrency);
    checkSource(open, 'open');
    return sweep(this.#merchants, open, options);
  }
}
