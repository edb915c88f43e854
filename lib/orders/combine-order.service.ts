import { checkCallOptions, type CallOptions } from '../domain/options.js';
import {
  checkCombineCloseRequest,
  checkCombineOutTradeNo,
  type CombineCloseRequest,
  type CombineOrder,
} from '../domain/combine-order.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import { closeCombineOrder } from '../domain/flows/close.js';
import { expectWired } from '../domain/expect-wired.js';

/** Queries and closes combine orders (合单), which the services for single orders can neither query nor close. */
export class CombineOrderService {
  readonly #merchant: MerchantAccess;

  /** @internal */
  constructor(merchant: MerchantAccess) {
    expectWired('CombineOrderService', merchant);
    this.#merchant = merchant;
  }

  /**
   * Queries the state of a combine order and its sub-orders. The reply is verified, and checked to belong to this order. Use
   * `combinedTradeState` to get the state of the combine order.
   *
   * @param combineOutTradeNo the merchant's number of the combine order
   * @throws {WxPayApiError} kind `order-not-found` if the merchant has no such order
   * @throws {WxPaySignatureError} if the reply could not be verified
   * @throws {WxPayTransportError} if no usable reply arrived in time
   * @throws {WxPayInputError} before anything is sent, if the number is malformed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012557098
   */
  async query(combineOutTradeNo: string, options: CallOptions = {}): Promise<CombineOrder> {
    const checked = checkCombineOutTradeNo(combineOutTradeNo);
    checkCallOptions(options);
    return this.#merchant.combine().query(checked, options);
  }

  /**
   * Closes all sub-orders of an unpaid combine order; a single sub-order cannot be closed.
   *
   * @param request lists all sub-orders, with the same merchants and numbers as when the order was placed
   * @throws {WxPayApiError} kind `order-state` if the order is paid: query it, then fulfil or refund it
   * @throws {WxPaySignatureError} if the reply could not be verified
   * @throws {WxPayTransportError} if no usable reply arrived in time: the order may be closed or not
   * @throws {WxPayInputError} before anything is sent, if the request is malformed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012557137
   */
  async close(request: CombineCloseRequest, options: CallOptions = {}): Promise<void> {
    const checked = checkCombineCloseRequest(request);
    checkCallOptions(options);
    await closeCombineOrder(this.#merchant.combine(), checked, options);
  }
}
