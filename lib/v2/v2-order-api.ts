import type { CloseOrderRef, OrderRef } from '../domain/order-ref.js';
import type { Order } from '../domain/order.js';
import type { HostCallOptions, OrderApi, OrderTerms } from '../domain/ports/apis.js';
import { closeReplyOf, type CloseReply } from '../domain/ports/close-reply.js';
import { closeOrder } from './operations/close-order.js';
import { queryOrder } from './operations/query-order.js';
import type { V2Pipeline } from './pipeline.js';

/** The orders of a merchant, or of its sub-merchants, over APIv2. */
export class V2OrderApi implements OrderApi {
  readonly terms: OrderTerms;
  readonly #pipeline: V2Pipeline;

  constructor(pipeline: V2Pipeline, terms: OrderTerms) {
    this.terms = terms;
    this.#pipeline = pipeline;
  }

  query(ref: OrderRef, options?: HostCallOptions): Promise<Order> {
    return this.#pipeline.execute(queryOrder, ref, options);
  }

  close(ref: CloseOrderRef, options?: HostCallOptions): Promise<CloseReply> {
    // Nothing dates a reply of APIv2: one that is signed may be an old one, about another order.
    return closeReplyOf(this.#pipeline.execute(closeOrder, ref, options), () => false);
  }
}
