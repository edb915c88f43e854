import type { CombineCloseRequest, CombineOrder } from '../domain/combine-order.js';
import type { CallOptions } from '../domain/options.js';
import type { CombineApi, OrderTerms } from '../domain/ports/apis.js';
import { closeReplyOf, type CloseReply } from '../domain/ports/close-reply.js';
import { closeCombineOrder } from './operations/close-combine-order.js';
import { queryCombineOrder } from './operations/query-combine-order.js';
import type { V3Pipeline } from './pipeline.js';

/** Queries and closes the combine orders of a merchant over APIv3. */
export class V3CombineApi implements CombineApi {
  readonly terms: OrderTerms;
  readonly #pipeline: V3Pipeline;

  constructor(pipeline: V3Pipeline, terms: OrderTerms) {
    this.terms = terms;
    this.#pipeline = pipeline;
  }

  query(combineOutTradeNo: string, options?: CallOptions): Promise<CombineOrder> {
    return this.#pipeline.execute(queryCombineOrder, { combineOutTradeNo }, options);
  }

  close(request: CombineCloseRequest, options?: CallOptions): Promise<CloseReply> {
    // A signed reply is fresh: the verifier has checked its timestamp.
    return closeReplyOf(this.#pipeline.execute(closeCombineOrder, request, options), ({ signed }) => signed);
  }
}
