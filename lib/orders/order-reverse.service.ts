import { checkNoCreatedAt, checkReverseOptions, type ReverseOptions } from '../domain/options.js';
import { expectWired } from '../domain/expect-wired.js';
import { checkOrderRef, type OrderRef } from '../domain/order-ref.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import { reverse, type Reversal } from '../domain/flows/reverse.js';

/** Reverses 付款码 orders, which cannot be closed. An unpaid order can no longer be paid then; a paid order is refunded. */
export class OrderReverseService {
  readonly #merchant: MerchantAccess;

  /** @internal */
  constructor(merchant: MerchantAccess) {
    expectWired('OrderReverseService', merchant);
    this.#merchant = merchant;
  }

  /**
   * Queries an order, reverses it, and repeats the reversal while WeChat Pay asks for it and the timeout allows it.
   *
   * Reversing twice succeeds. Needs the merchant's `appid` (APIv3), or its client certificate (APIv2).
   *
   * @param ref `transactionId` or `outTradeNo`; over APIv3, only `outTradeNo`
   * @param options `timeoutMs` bounds the whole flow (default: the merchant's, 10 000)
   * @returns the outcome; only `reversed` means that the order is in a final state
   * @throws {WxPayApiError} kind `order-state` if the state of the order does not allow a reversal
   * @throws {WxPayTransportError} if no usable reply arrived in time: the order may be reversed or not; reverse it again
   * @throws {WxPayInputError} if the reference is malformed or names no 付款码 order
   * @throws {WxPayConfigError} if the merchant is not configured for reversals
   * @see https://pay.weixin.qq.com/doc/v2/merchant/4011937361
   */
  async reverse(ref: OrderRef, options: ReverseOptions = {}): Promise<Reversal> {
    const checked = checkOrderRef(ref);
    checkReverseOptions(options, this.#merchant.now());
    checkNoCreatedAt(ref, options);
    return reverse(this.#merchant.reversal(), checked, options, this.#merchant.now);
  }
}
