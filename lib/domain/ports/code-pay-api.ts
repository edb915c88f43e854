import type { CodePayRequest } from '../code-pay.js';
import type { OrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import type { HostCallOptions, ReverseApi } from './apis.js';

/** Operations that a code payment needs. */
export interface CodePayApi extends ReverseApi {
  query(ref: OrderRef, options?: HostCallOptions): Promise<Order>;
  /**
   * Sends the payment, once.
   *
   * @returns the order as the reply shows it; it need not be paid
   */
  pay(request: CodePayRequest, options?: HostCallOptions): Promise<Order>;
}
