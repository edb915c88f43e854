import { checkCallOptions, checkNoCreatedAt, checkPastDate, type CloseOptions } from '../domain/options.js';
import { expectWired } from '../domain/expect-wired.js';
import { checkOrderAge } from '../domain/order-age.js';
import { checkCloseOrderRef, type CloseOrderRef } from '../domain/order-ref.js';
import { closeOrder } from '../domain/flows/close.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';

/** Closes unpaid orders. */
export class OrderCloseService {
  readonly #merchant: MerchantAccess;

  /** @internal */
  constructor(merchant: MerchantAccess) {
    expectWired('OrderCloseService', merchant);
    this.#merchant = merchant;
  }

  /**
   * Closes an unpaid order, so that it can no longer be paid.
   *
   * Closing twice succeeds, and success does not prove that the order existed. After an error other than `order-state` the
   * order may be closed or not; closing again is safe. If the outcome matters, use `OrderSettleService`.
   *
   * @param ref the merchant's order number; WeChat Pay does not close orders by its own number
   * @param options `timeoutMs` bounds the whole call (default: the merchant's, 10 000); with `createdAt`, an order younger
   * than the merchant's `minOrderAgeMs` (300 000) is not closed
   * @throws {WxPayApiError} kind `order-state` if the order is paid: query it, then fulfil or refund it
   * @throws {WxPaySignatureError} if the reply could not be verified
   * @throws {WxPayTransportError} if no usable reply arrived in time: the order may be closed or not
   * @throws {WxPayInputError} before anything is sent, if the reference is malformed, or, with `retryAt`, if the order is too
   * young
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791860
   */
  async close(ref: CloseOrderRef, options: CloseOptions = {}): Promise<void> {
    const checked = checkCloseOrderRef(ref);
    checkCallOptions(options);
    checkNoCreatedAt(ref, options);
    const { createdAt } = options;
    checkPastDate(createdAt, 'createdAt', this.#merchant.now());
    const api = this.#merchant.orders();
    checkOrderAge(createdAt, api.terms.minOrderAgeMs, this.#merchant.now());
    await closeOrder(api, checked, options);
  }
}
