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

/** Queries and closes combine orders (合单), which the services for single orders neither find nor close. */
export class CombineOrderService {
  readonly #merchant: MerchantAccess;

  /** @internal */
  constructor(merchant: MerchantAccess) {
    expectWired('CombineOrderService', merchant);
    this.#merchant = merchant;
  }

  /**
   * Asks WeChat Pay where a combine order and its sub-orders stand. The answer is verified and belongs to the order
   * asked for; `combinedTradeState` tells the state of the whole.
   *
   * @param combineOutTradeNo the number of the whole
   * @throws {WxPayApiError} kind `order-not-found` if WeChat Pay knows no such order of this merchant
   * @throws {WxPaySignatureError} if the origin of the answer cannot be proven
   * @throws {WxPayTransportError} if no usable answer came in time
   * @throws {WxPayInputError} before anything is sent, if the number is malformed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012557098
   */
  async query(combineOutTradeNo: string, options: CallOptions = {}): Promise<CombineOrder> {
    const checked = checkCombineOutTradeNo(combineOutTradeNo);
    checkCallOptions(options);
    return this.#merchant.combine().query(checked, options);
  }

  /**
   * Closes an unpaid combine order as a whole; a part of it cannot be closed.
   *
   * @param request names every sub-order exactly as placed: count, merchants and numbers
   * @throws {WxPayApiError} kind `order-state` if the order is paid: query it, then fulfil or refund
   * @throws {WxPaySignatureError} if the origin of the answer cannot be proven
   * @throws {WxPayTransportError} if no usable answer came in time
   * @throws {WxPayInputError} before anything is sent, if the request is malformed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012557137
   */
  async close(request: CombineCloseRequest, options: CallOptions = {}): Promise<void> {
    const checked = checkCombineCloseRequest(request);
    checkCallOptions(options);
    await closeCombineOrder(this.#merchant.combine(), checked, options);
  }
}
