import type { CallOptions } from '../domain/call-options.js';
import type { OrderRef } from '../domain/order-ref.js';
import type { Order } from '../domain/order.js';
import type { ReverseCallOptions, ReverseGateway } from '../domain/reverse.gateway.js';
import { queryOrder } from './operations/query-order.js';
import { reverseFaceOrder, reverseOrder } from './operations/reverse-order.js';
import type { V2Client } from './v2.client.js';

/** Reverses orders that are paid by 付款码, or by face, over APIv2. */
export class V2ReverseGateway implements ReverseGateway {
  readonly timeoutMs: number;
  readonly #client: V2Client;

  /** @param timeoutMs what a flow may take if its options do not say */
  constructor(client: V2Client, timeoutMs: number) {
    this.timeoutMs = timeoutMs;
    this.#client = client;
  }

  query(ref: OrderRef, options?: CallOptions): Promise<Order> {
    return this.#client.execute(queryOrder, ref, options);
  }

  reverse(
    ref: OrderRef,
    { tradeType, ...options }: ReverseCallOptions = {},
  ): Promise<{ readonly recall: boolean }> {
    const operation = tradeType === 'FACEPAY' ? reverseFaceOrder : reverseOrder;
    return this.#client.execute(operation, ref, options);
  }
}
