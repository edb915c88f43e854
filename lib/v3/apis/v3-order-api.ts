import type { CloseOrderRef, OrderRef } from '../../domain/order-ref.js';
import type { Order } from '../../domain/order.js';
import type { HostCallOptions, OrderApi, OrderTerms } from '../../domain/ports/apis.js';
import { closeReplyOf, type CloseReply } from '../../domain/ports/close-reply.js';
import { closeOrder } from '../operations/close-order.js';
import { queryOrder } from '../operations/query-order.js';
import type { V3Pipeline } from '../pipeline.js';

/** Queries and closes the orders of a merchant, or of its sub-merchants, over APIv3. */
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

  close(ref: CloseOrderRef, options?: HostCallOptions): Promise<CloseReply> {
    // A signed reply is fresh: the verifier has checked its timestamp.
    return closeReplyOf(this.#pipeline.execute(closeOrder, ref, options), ({ signed }) => signed);
  }
}
