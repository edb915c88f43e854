import { defer, type Observable } from 'rxjs';
import {
  checkCallOptions,
  checkConcurrency,
  checkDate,
  checkQueryOptions,
  checkSchedule,
  type QueryManyOptions,
  type QueryOptions,
  type WatchOptions,
} from '../domain/options.js';
import { expectWired } from '../domain/expect-wired.js';
import { checkOrderRef, type OrderRef } from '../domain/order-ref.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import type { Order } from '../domain/order.js';
import { checkSource, queryMany, type QueryOutcome } from '../domain/flows/query-many.js';
import { watch } from '../domain/flows/watch.js';

/** Tells the true state of orders. */
export class OrderQueryService {
  readonly #merchant: MerchantAccess;

  /** @internal */
  constructor(merchant: MerchantAccess) {
    expectWired('OrderQueryService', merchant);
    this.#merchant = merchant;
  }

  /**
   * Asks WeChat Pay where an order stands. The answer is verified and belongs to the order asked for.
   *
   * An unpaid order is an answer (`tradeState: 'NOTPAY'`), not an error.
   *
   * @param ref `outTradeNo`, or `transactionId` once the order is paid
   * @param options `timeoutMs` bounds the whole call (default: the merchant's, 10 000); with `share`, identical queries that
   * are under way are one, and its answer may be of a moment before this call
   * @throws {WxPayApiError} kind `order-not-found` if WeChat Pay knows no such order of this merchant
   * @throws {WxPaySignatureError} if the origin of the answer cannot be proven
   * @throws {WxPayTransportError} if no usable answer came in time
   * @throws {WxPayInputError} before anything is sent, if the reference is malformed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070356
   */
  async query(ref: OrderRef, options: QueryOptions = {}): Promise<Order> {
    const checked = checkOrderRef(ref);
    checkQueryOptions(options);
    const { share, ...callOptions } = options;
    const orders = share === true ? this.#merchant.sharedOrders() : this.#merchant.orders();
    return orders.query(checked, callOptions);
  }

  /**
   * Queries many orders, some at a time, and yields each outcome as it comes: in the order of the answers, not in that of
   * the references.
   *
   * No failure of one order stops the others; a malformed reference is a failure, too. Where WeChat Pay limits the rate,
   * all slow down, and the order is queried again, five queries in all. Memory does not grow with the number of orders.
   * Leaving the loop ends the queries under way and closes the source.
   *
   * @param refs anything to iterate over, a cursor of a database too
   * @throws {WxPayInputError} at the first step, if `refs` or an option is malformed
   * @throws what the source throws, `signal.reason` when the caller gives up, and WxPayTransportError when the app is closed
   */
  async *queryMany(
    refs: Iterable<OrderRef> | AsyncIterable<OrderRef>,
    options: QueryManyOptions = {},
  ): AsyncGenerator<QueryOutcome, void, undefined> {
    checkCallOptions(options);
    checkConcurrency(options.concurrency);
    checkSource(refs);
    yield* queryMany(this.#merchant.orders, refs, options, this.#merchant.closing());
  }

  /**
   * Watches an order: emits it at once and whenever it has changed, and completes when it has ended (`SUCCESS`, `REFUND`,
   * `CLOSED`, `REVOKED`). A change is any other value in it than `tradeStateDesc` and `raw`.
   *
   * Each subscription asks for itself: at once, then after 5 s, 30 s, 1, 3, 5, 10 and 30 minutes, each counted from the
   * answer before, then every 30 minutes; for a 付款码 order every 5 s for 30 s first. It goes on after temporary failures,
   * and waits as long as WeChat Pay asks, half an hour at most. Unsubscribing ends the query under way.
   *
   * @returns errors with the first non-retryable WxPayError, `signal.reason` when the caller gives up, or a WxPayTransportError
   * when the app is closed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012075249
   */
  watch(ref: OrderRef, options: WatchOptions = {}): Observable<Order> {
    return defer(() => {
      const checked = checkOrderRef(ref);
      checkCallOptions(options);
      checkSchedule(options.scheduleMs);
      checkDate(options.until, 'until');
      const { orders, now, closing } = this.#merchant;
      return watch(orders, checked, options, { now, closing: closing() });
    });
  }
}
