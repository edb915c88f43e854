import { checkCallOptions, type CallOptions } from '../domain/call-options.js';
import { checkOrderRef, type OrderRef } from '../domain/order-ref.js';
import type { OrderGateway } from '../domain/order.gateway.js';
import type { Order } from '../domain/order.js';

/** Tells the true state of orders. */
export class OrderQueryService {
  readonly #gateway: () => OrderGateway;

  /** @internal */
  constructor(gateway: () => OrderGateway) {
    this.#gateway = gateway;
  }

  /**
   * Asks WeChat Pay where an order stands. The answer is verified and belongs to the order asked for.
   *
   * An unpaid order is an answer (`tradeState: 'NOTPAY'`), not an error.
   *
   * @param ref `outTradeNo`, or `transactionId` once the order is paid
   * @param options `timeoutMs` bounds the whole call (default: the merchant's, 10 000)
   * @throws {WxPayApiError} kind `order-not-found` if WeChat Pay knows no such order of this merchant
   * @throws {WxPaySignatureError} if the origin of the answer cannot be proven
   * @throws {WxPayTransportError} if no usable answer came in time
   * @throws {WxPayInputError} before anything is sent, if the reference is malformed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070356
   */
  async query(ref: OrderRef, options: CallOptions = {}): Promise<Order> {
    const checked = checkOrderRef(ref);
    checkCallOptions(options);
    return this.#gateway().query(checked, options);
  }
}
