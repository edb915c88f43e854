import { defer, type Observable } from 'rxjs';
import {
  checkCallOptions,
  checkConcurrency,
  checkQueryOptions,
  checkRecentDate,
  checkSchedule,
  type QueryManyOptions,
  type QueryOptions,
  type WatchOptions,
} from '../domain/options.js';
import { expectWired } from '../domain/expect-wired.js';
import { checkOrderRef, type OrderRef } from '../domain/order-ref.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import type { Order } from '../domain/order.js';
import { queryMany, type QueryOutcome } from '../domain/flows/query-many.js';
import { checkSource } from '../domain/flows/run-many.js';
import { watch } from '../domain/flows/watch.js';

/** Queries and watches the state of orders. */
export class OrderQueryService {
  readonly #merchant: MerchantAccess;

  /** @internal */
  constructor(merchant: MerchantAccess) {
    expectWired('OrderQueryService', merchant);
    this.#merchant = merchant;
  }

  /**
   * Queries the state of an order. The reply is verified, and checked to belong to this order.
   *
   * For an unpaid order the result is `tradeState: 'NOTPAY'`, not an error.
   *
   * @param ref `outTradeNo`, or `transactionId` if the order is paid
   * @param options `timeoutMs` bounds the whole call (default: the merchant's, 10 000); with `share`, identical queries under
   * way share one call, whose reply may show the order as it was just before this query
   * @throws {WxPayApiError} kind `order-not-found` if the merchant has no such order
   * @throws {WxPaySignatureError} if the reply could not be verified
   * @throws {WxPayTransportError} if no usable reply arrived in time
   * @throws {WxPayInputError} before anything is sent, if the reference is malformed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070356
   */
  async query(ref: OrderRef, options: QueryOptions = {}): Promise<Order> {
    const checked = checkOrderRef(ref);
    checkQueryOptions(options);
    const orders = options.share === true ? this.#merchant.sharedOrders() : this.#merchant.orders();
    return orders.query(checked, options);
  }

  /**
   * Queries many orders, several at a time, and yields each outcome as soon as it is known, not in the order of `refs`.
   *
   * The failure of one order, which may be a malformed reference, does not stop the others. If WeChat Pay limits the rate, all
   * queries slow down, and the order is queried up to five times. Memory does not grow with the number of orders. Leaving the
   * loop ends the queries under way and closes the source.
   *
   * @param refs any iterable, such as an array or a database cursor
   * @throws {WxPayInputError} at the call, if `refs` or an option is malformed
   * @throws during the iteration: the source's error; `signal.reason` if the caller aborts; WxPayTransportError when the app is closed
   */
  queryMany(
    refs: Iterable<OrderRef> | AsyncIterable<OrderRef>,
    options: QueryManyOptions = {},
  ): AsyncGenerator<QueryOutcome, void, undefined> {
    checkCallOptions(options);
    checkConcurrency(options.concurrency);
    checkSource(refs, 'refs');
    return queryMany(this.#merchant.orders, refs, options, this.#merchant.closing());
  }

  /**
   * Watches an order: emits it at once and after each change, and completes when its state is `SUCCESS`, `REFUND`, `CLOSED` or
   * `REVOKED`. A new value of only `tradeStateDesc` or `raw` is not a change.
   *
   * Each subscription sends its own queries: at once, then after 5 s, 30 s, 1, 3, 5, 10 and 30 minutes, each counted from the
   * previous reply, and then every 30 minutes. For a 付款码 order it queries every 5 s for 30 s first. It continues after
   * temporary failures, and waits as long as WeChat Pay requests, at most half an hour. Unsubscribing ends the query under way.
   *
   * @returns an Observable that errors with the first non-retryable WxPayError, with `signal.reason` if the caller aborts, or
   * with a WxPayTransportError when the app is closed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012075249
   */
  watch(ref: OrderRef, options: WatchOptions = {}): Observable<Order> {
    return defer(() => {
      const checked = checkOrderRef(ref);
      checkCallOptions(options);
      checkSchedule(options.scheduleMs);
      checkRecentDate(options.until, 'until');
      const { orders, now, closing } = this.#merchant;
      return watch(orders, checked, options, { now, closing: closing() });
    });
  }
}
