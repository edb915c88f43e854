import type { CombineCloseRequest, CombineOrder } from '../../domain/combine-order.js';
import type { CallOptions } from '../../domain/options.js';
import type { CheckedCombinePrepay } from '../../domain/placing/combine-prepay-request.js';
import type { CombineApi } from '../../domain/ports/combine-api.js';
import { closeReplyOf, type CloseReply } from '../../domain/ports/close-reply.js';
import type { PaySigning } from '../../domain/ports/prepay-api.js';
import { closeCombineOrder } from '../operations/close-combine-order.js';
import { prepayCombineOrder } from '../operations/prepay-combine-order.js';
import { queryCombineOrder } from '../operations/query-combine-order.js';
import type { V3Pipeline } from '../pipeline.js';

export interface V3CombineApiOptions {
  readonly pipeline: V3Pipeline;
  readonly paySigner: PaySigning;
  readonly terms: CombineApi['terms'];
}

/** Places, queries and closes the combine orders of a merchant over APIv3. */
export class V3CombineApi implements CombineApi {
  readonly terms: CombineApi['terms'];
  readonly paySigner: PaySigning;
  readonly #pipeline: V3Pipeline;

  constructor({ pipeline, paySigner, terms }: V3CombineApiOptions) {
    this.terms = terms;
    this.#pipeline = pipeline;
    this.paySigner = paySigner;
  }

  place(order: CheckedCombinePrepay, options?: CallOptions): Promise<string> {
    return this.#pipeline.execute(prepayCombineOrder, order, options);
  }

  query(combineOutTradeNo: string, options?: CallOptions): Promise<CombineOrder> {
    return this.#pipeline.execute(queryCombineOrder, { combineOutTradeNo }, options);
  }

  close(request: CombineCloseRequest, options?: CallOptions): Promise<CloseReply> {
    // A signed reply is fresh: the verifier has checked its timestamp.
    return closeReplyOf(this.#pipeline.execute(closeCombineOrder, request, options), ({ signed }) => signed);
  }
}
