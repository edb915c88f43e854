import {
  checkCallOptions,
  checkDate,
  checkNoCreatedAt,
  checkPastDate,
  type SettleOptions,
} from '../domain/options.js';
import { expectWired } from '../domain/expect-wired.js';
import { checkCloseOrderRef, type CloseOrderRef } from '../domain/order-ref.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import { settle, type Settlement } from '../domain/flows/settle.js';

/** Brings orders to a final state without losing a payment that is made meanwhile. */
export class OrderSettleService {
  readonly #merchant: MerchantAccess;

  /** @internal */
  constructor(merchant: MerchantAccess) {
    expectWired('OrderSettleService', merchant);
    this.#merchant = merchant;
  }

  /**
   * Brings an order to a final state: queries it, closes it if it is open, and queries it again.
   *
   * The outcome is `paid` for a payment before, between or during these calls, even if the close succeeds. Failures of WeChat
   * Pay lead to `unresolved`, not to exceptions. Settling again is always safe.
   *
   * @param ref the merchant's order number; add `subMchid` for a sub-merchant's order
   * @param options `timeoutMs` bounds the whole flow (default: the merchant's, 10 000); with `createdAt`, an unpaid order
   * younger than the merchant's `minOrderAgeMs` (300 000) is not closed
   * @throws {WxPayInputError} before anything is sent, if the reference or the options are malformed
   * @throws `signal.reason` if the caller aborts; a close that was already sent may take effect
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791860
   */
  async settle(ref: CloseOrderRef, options: SettleOptions = {}): Promise<Settlement> {
    const checked = checkCloseOrderRef(ref);
    checkCallOptions(options);
    checkNoCreatedAt(ref, options);
    checkPastDate(options.createdAt, 'createdAt', this.#merchant.now());
    checkDate(options.expiresAt, 'expiresAt');
    return settle(this.#merchant.orders(), checked, options, this.#merchant.now);
  }
}
