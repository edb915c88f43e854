import { closeOrConfirm } from '../domain/flows/close-or-confirm.js';
import { orderSubject, type CloseOrderRef, type OrderRef } from '../domain/order-ref.js';
import type { HostCallOptions, OrderApi, OrderTerms } from '../domain/ports/apis.js';
import type { Order } from '../domain/order.js';
import { closeOrder } from './operations/close-order.js';
import { queryOrder } from './operations/query-order.js';
import type { V3Pipeline } from './pipeline.js';

/** The orders of a merchant, or of its sub-merchants, over APIv3. */
export class V3OrderApi implements OrderApi {
  readonly terms: OrderTerms;
  readonly #pipeline: V3Pipeline;

  constructor(pipeline: V3Pipeline, terms: OrderTerms) {
    this.terms = terms;
    this.#pipeline = pipeline;
  }

  query(ref: OrderRef, options?: HostCallOptions): Promise<Order> {
    return this.#pipeline.execute(queryOrder, ref, options);
  }

  close(
    ref: CloseOrderRef,
    { signal, timeoutMs = this.terms.timeoutMs, step }: HostCallOptions = {},
  ): Promise<void> {
    return closeOrConfirm({
      close: (rest) => this.#pipeline.execute(closeOrder, ref, { ...rest, step }),
      alreadyDone: closeOrder.alreadyDone,
      // A signed reply is fresh.
      isProof: ({ signed }) => signed,
      stateOf: async (rest) => (await this.query(ref, rest)).tradeState,
      subject: orderSubject(ref),
      signal,
      timeoutMs,
    });
  }
}
