import { defer, type Observable } from 'rxjs';
import { expectWired } from '../domain/expect-wired.js';
import { watchRefund } from '../domain/flows/watch-refund.js';
import {
  checkCallOptions,
  checkRecentDate,
  checkSchedule,
  type CallOptions,
  type WatchOptions,
} from '../domain/options.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import {
  checkAbnormalRefundRequest,
  type AbnormalRefundRequest,
} from '../domain/refunds/abnormal-refund-request.js';
import { checkRefundRef, type RefundRef } from '../domain/refunds/refund-ref.js';
import { checkRefundRequest, type RefundRequest } from '../domain/refunds/refund-request.js';
import type { Refund } from '../domain/refunds/refund.js';
import { areLoopback } from '../rules/notify-url.js';

/** Refunds paid orders, and follows the refunds until the money has arrived. */
export class RefundService {
  readonly #merchant: MerchantAccess;

  /** @internal */
  constructor(merchant: MerchantAccess) {
    expectWired('RefundService', merchant);
    this.#merchant = merchant;
  }

  /**
   * Refunds a paid order, in part or in full.
   *
   * Success means that WeChat Pay has accepted the refund, not that the customer has the money: wait for the notification,
   * `watch` the refund, or `query` it. The reply is verified, and checked to belong to this refund.
   *
   * The same `outRefundNo` with the same content is the same refund. If a reply is lost, the request is therefore sent again with
   * the same content. If no reply arrives in time, the error has `outcomeUnknown: true` and `retryable: true`: send the same
   * request again, never one with a new number, which would be a second refund. A refusal is not retried, unless it is a rate
   * limit.
   *
   * Over APIv2 it needs the merchant's client certificate, and the status of the result is always `PROCESSING`.
   *
   * @param options `timeoutMs` bounds the whole call (default: the merchant's, 10 000)
   * @throws {WxPayApiError} kind `order-state` if the order cannot be refunded like this, `account` if the merchant's balance
   * is too low, `order-not-found` or `refund-not-found` if there is no such order
   * @throws {WxPaySignatureError} if the reply could not be verified: the refund may have been accepted
   * @throws {WxPayTransportError} if no usable reply arrived in time: the refund may have been accepted
   * @throws {WxPayInputError} before anything is sent, if the request is malformed
   * @throws {WxPayConfigError} if the merchant uses APIv2 without a client certificate
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071036
   */
  async refund(request: RefundRequest, options: CallOptions = {}): Promise<Refund> {
    checkCallOptions(options);
    const api = this.#merchant.refunds();
    const { hosts, refundNotifyUrl } = api.terms;
    const isLocalNotifyUrlAllowed = areLoopback(hosts);
    return api.refund(checkRefundRequest(request, { refundNotifyUrl, isLocalNotifyUrlAllowed }), options);
  }

  /**
   * Queries the state of a refund. The reply is verified, and checked to belong to this refund.
   *
   * @param options `timeoutMs` bounds the whole call (default: the merchant's, 10 000)
   * @throws {WxPayApiError} kind `refund-not-found` if the merchant has no such refund
   * @throws {WxPaySignatureError} if the reply could not be verified
   * @throws {WxPayTransportError} if no usable reply arrived in time
   * @throws {WxPayInputError} before anything is sent, if the reference is malformed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071041
   */
  async query(ref: RefundRef, options: CallOptions = {}): Promise<Refund> {
    const checked = checkRefundRef(ref);
    checkCallOptions(options);
    return this.#merchant.refunds().query(checked, options);
  }

  /**
   * Watches a refund: emits it at once and after each change, and completes when its status is `SUCCESS`, `CLOSED` or
   * `ABNORMAL`. A new value of only `raw` is not a change.
   *
   * Each subscription sends its own queries: at once, every minute for five minutes, then after 5, 10 and 20 minutes, each
   * counted from the previous reply, and then every 30 minutes. It continues after temporary failures, and waits as long as
   * WeChat Pay requests, at most half an hour. Unsubscribing ends the query under way.
   *
   * @returns an Observable that errors with the first non-retryable WxPayError, with `signal.reason` if the caller aborts, or
   * with a WxPayTransportError when the app is closed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071031
   */
  watch(ref: RefundRef, options: WatchOptions = {}): Observable<Refund> {
    return defer(() => {
      const checked = checkRefundRef(ref);
      checkCallOptions(options);
      checkSchedule(options.scheduleMs);
      checkRecentDate(options.until, 'until');
      const { refunds, now, closing } = this.#merchant;
      return watchRefund(refunds, checked, options, { now, closing: closing() });
    });
  }

  /**
   * Sends the money of a refund that is `ABNORMAL` another way: to a bank card of the customer, or to the merchant's account.
   * APIv3 only.
   *
   * `bankAccount` and `realName` are encrypted before they are sent. The result is the refund, usually `PROCESSING` again.
   *
   * @param options `timeoutMs` bounds the whole call (default: the merchant's, 10 000)
   * @throws {WxPayApiError} kind `refund-not-found` if the merchant has no such refund
   * @throws {WxPayTransportError} if no usable reply arrived in time: query the refund before you repeat the call
   * @throws {WxPayInputError} before anything is sent, if the request is malformed
   * @throws {WxPayConfigError} if the merchant uses APIv2, or its verifier cannot encrypt
   * @see https://pay.weixin.qq.com/doc/v3/partner/4017150905
   */
  async refundAbnormal(request: AbnormalRefundRequest, options: CallOptions = {}): Promise<Refund> {
    const checked = checkAbnormalRefundRequest(request);
    checkCallOptions(options);
    return this.#merchant.refunds().refundAbnormal(checked, options);
  }
}
