import type { CloseOrderRef, OrderRef } from '../../domain/order-ref.js';
import type { Order } from '../../domain/order.js';
import type { HostCallOptions, OrderApi, OrderTerms } from '../../domain/ports/apis.js';
import { closeReplyOf, type CloseReply } from '../../domain/ports/close-reply.js';
import { closeOrder } from '../operations/close-order.js';
import { queryOrder } from '../operations/query-order.js';
import type { V2Pipeline } from '../pipeline.js';

/** Queries and closes the orders of a merchant, or of its sub-merchants, over APIv2. */
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
    // Replies of APIv2 have no date: a signed one may be old and about another order.
    return closeReplyOf(this.#pipeline.execute(closeOrder, ref, options), () => false);
  }
}
