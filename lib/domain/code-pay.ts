import type { SubMerchantRef } from './order-ref.js';

/** Payment by the payment code (付款码) that the customer shows. */
export interface CodePayRequest extends SubMerchantRef {
  /** The merchant's number of the order. Use each number for one purchase only. */
  readonly outTradeNo: string;
  /** What the customer pays for. */
  readonly description: string;
  /** Amount: `total` in fen (分), at least 1; `currency` is `CNY`. */
  readonly amount: { readonly total: number; readonly currency?: string | undefined };
  /** The scanned code, 18 digits. It is a secret: whoever has it can charge the customer for about a minute. */
  readonly authCode: string;
}
