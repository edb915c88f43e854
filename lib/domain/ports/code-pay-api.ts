import type { Order } from '../order.js';
import type { CheckedCodePay, CodePayTerms } from '../placing/code-pay-request.js';
import type { HostCallOptions, OrderTerms, ReverseApi } from './apis.js';

/** Operations that a code payment needs. Each API has its implementation. */
export interface CodePayApi {
  readonly terms: OrderTerms & CodePayTerms;
  /**
   * Sends the payment, once.
   *
   * @returns the order as the reply shows it; it need not be paid
   */
  pay(request: CheckedCodePay, options?: HostCallOptions): Promise<Order>;
  /** Queries the order of a payment. */
  query(request: CheckedCodePay, options?: HostCallOptions): Promise<Order>;
  /** Returns the operations that reverse the order of a payment. */
  reversalOf(request: CheckedCodePay): ReverseApi;
}
