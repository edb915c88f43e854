import { checkCallOptions, checkNoCreatedAt, checkPastDate, type SettleOptions } from '../domain/options.js';
import { expectWired } from '../domain/expect-wired.js';
import { checkCloseOrderRef, type CloseOrderRef } from '../domain/order-ref.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import { settle, type Settlement } from '../domain/flows/settle.js';

/** Brings orders to their end without losing a payment that comes in between. */
export class OrderSettleService {
  readonly #merchant: MerchantAccess;

  /** @internal */
  constructor(merchant: MerchantAccess) {
    expectWired('OrderSettleService', merchant);
    this.#merchant = merchant;
  }

  /**
   * Finds out how an order ended, and closes it if it is open: queries, decides, closes, queries again.
   *
   * A payment before, between or during these calls is `paid`, whatever they answer. Failures of WeChat Pay are
   * `unresolved`, not exceptions. Settling again is always safe.
   *
   * @param ref the merchant's order number; add `subMchid` for a sub-merchant's order
   * @param options `timeoutMs` bounds the whole flow (default: the merchant's, 10 000); with `createdAt`, an unpaid order
   * younger than the merchant's `minOrderAgeMs` (300 000) is left alone
   * @throws {WxPayInputError} before anything is sent, if the reference or the options are malformed
   * @throws `signal.reason` when the caller gives up; a close that was sent by then may take effect
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791860
   */
  async settle(ref: CloseOrderRef, options: SettleOptions = {}): Promise<Settlement> {
    const checked = checkCloseOrderRef(ref);
    checkCallOptions(options);
    checkNoCreatedAt(ref, options);
    checkPastDate(options.createdAt, 'createdAt', this.#merchant.now());
    return settle(this.#merchant.orders(), checked, options, this.#merchant.now);
  }
}
