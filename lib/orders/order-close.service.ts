import { checkCallOptions, type CallOptions } from '../domain/call-options.js';
import { checkCloseOrderRef, type CloseOrderRef } from '../domain/order-ref.js';
import type { OrderGateway } from '../domain/order.gateway.js';

/** Closes orders that are not to be paid any more. */
export class OrderCloseService {
  readonly #gateway: () => OrderGateway;

  /** @internal */
  constructor(gateway: () => OrderGateway) {
    this.#gateway = gateway;
  }

  /**
   * Closes an unpaid order, so that it can no longer be paid.
   *
   * Closing twice succeeds, and success does not prove that the order existed: query it when that matters. After an
   * error other than `order-state` the order may be closed or not; closing again is safe.
   *
   * @param ref the merchant's order number; WeChat Pay does not close by its own number
   * @param options `timeoutMs` bounds the whole call (default: the merchant's, 10 000)
   * @throws {WxPayApiError} kind `order-state` if the order is paid: query it, then fulfil or refund
   * @throws {WxPaySignatureError} if the origin of the answer cannot be proven
   * @throws {WxPayTransportError} if no usable answer came in time
   * @throws {WxPayInputError} before anything is sent, if the reference is malformed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791860
   */
  async close(ref: CloseOrderRef, options: CallOptions = {}): Promise<void> {
    checkCloseOrderRef(ref);
    checkCallOptions(options);
    await this.#gateway().close(ref, options);
  }
}
