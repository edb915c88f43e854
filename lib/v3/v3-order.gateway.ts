import type { CallOptions } from '../domain/call-options.js';
import type { CloseOrderRef, OrderRef } from '../domain/order-ref.js';
import type { HostCallOptions, OrderGateway, OrderTerms } from '../domain/order.gateway.js';
import type { Order } from '../domain/order.js';
import { closeOrConfirm } from './close-or-confirm.js';
import { closeOrder } from './operations/close-order.js';
import { queryOrder } from './operations/query-order.js';
import type { V3Client } from './v3.client.js';

/** The orders of a merchant, or of its sub-merchants, over APIv3. */
export class V3OrderGateway implements OrderGateway {
  readonly terms: OrderTerms;
  readonly #client: V3Client;

  constructor(client: V3Client, terms: OrderTerms) {
    this.terms = terms;
    this.#client = client;
  }

  query(ref: OrderRef, options?: HostCallOptions): Promise<Order> {
    return this.#client.execute(queryOrder, ref, options);
  }

  close(ref: CloseOrderRef, options: CallOptions = {}): Promise<void> {
    return closeOrConfirm({
      client: this.#client,
      operation: closeOrder,
      input: ref,
      options: { ...options, timeoutMs: options.timeoutMs ?? this.terms.timeoutMs },
      stateOf: async (rest) => (await this.query(ref, rest)).tradeState,
    });
  }
}
