import type { CallOptions } from '../domain/options.js';
import type { OrderRef } from '../domain/order-ref.js';
import type { Order } from '../domain/order.js';
import type { OrderTerms, ReverseApi, ReverseCallOptions, ReverseReply } from '../domain/ports/apis.js';
import { queryOrder } from './operations/query-order.js';
import { reverseFaceOrder, reverseOrder } from './operations/reverse-order.js';
import type { V2Pipeline } from './pipeline.js';

/** Reverses orders paid by 付款码 or by face, over APIv2. */
export class V2ReverseApi implements ReverseApi {
  readonly terms: OrderTerms;
  readonly #pipeline: V2Pipeline;

  constructor(pipeline: V2Pipeline, terms: OrderTerms) {
    this.terms = terms;
    this.#pipeline = pipeline;
  }

  query(ref: OrderRef, options?: CallOptions): Promise<Order> {
    return this.#pipeline.execute(queryOrder, ref, options);
  }

  reverse(ref: OrderRef, { tradeType, ...options }: ReverseCallOptions = {}): Promise<ReverseReply> {
    const operation = tradeType === 'FACEPAY' ? reverseFaceOrder : reverseOrder;
    return this.#pipeline.execute(operation, ref, options);
  }
}
