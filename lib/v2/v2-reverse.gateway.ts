import type { CallOptions } from '../domain/call-options.js';
import type { OrderRef } from '../domain/order-ref.js';
import type { Order } from '../domain/order.js';
import type { ReverseGateway } from '../domain/reverse.gateway.js';
import { queryOrder } from './operations/query-order.js';
import { reverseOrder } from './operations/reverse-order.js';
import type { V2Client } from './v2.client.js';

/** Reverses 付款码 orders over APIv2. */
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

  reverse(ref: OrderRef, options?: CallOptions): Promise<{ readonly recall: boolean }> {
    return this.#client.execute(reverseOrder, ref, options);
  }
}
