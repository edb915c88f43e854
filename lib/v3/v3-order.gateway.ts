import type { CallOptions } from '../domain/call-options.js';
import type { CloseOrderRef, OrderRef } from '../domain/order-ref.js';
import type { OrderGateway } from '../domain/order.gateway.js';
import type { Order } from '../domain/order.js';
import { closeOrConfirm } from './close-or-confirm.js';
import { closeOrder } from './operations/close-order.js';
import { queryOrder } from './operations/query-order.js';
import type { V3Client } from './v3.client.js';

/** The orders of a merchant, or of its sub-merchants, over APIv3. */
export class V3OrderGateway implements OrderGateway {
  readonly #client: V3Client;
  readonly #timeoutMs: number;

  /** @param timeoutMs what a call may take if its options do not say */
  constructor(client: V3Client, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  query(ref: OrderRef, options?: CallOptions): Promise<Order> {
    return this.#client.execute(queryOrder, ref, options);
  }

  close(ref: CloseOrderRef, options?: CallOptions): Promise<void> {
    return closeOrConfirm({
      client: this.#client,
      operation: closeOrder,
      input: ref,
      options: { timeoutMs: this.#timeoutMs, ...options },
      isClosed: async (rest) => (await this.query(ref, rest)).tradeState === 'CLOSED',
    });
  }
}
