import type { CallOptions } from '../domain/options.js';
import type { RefundApi, RefundApiTerms } from '../domain/ports/refund-api.js';
import type { RefundRef } from '../domain/refunds/refund-ref.js';
import { checkReasonBytes, type RefundRequest } from '../domain/refunds/refund-request.js';
import type { Refund } from '../domain/refunds/refund.js';
import { createRefund } from './operations/create-refund.js';
import { queryRefund } from './operations/query-refund.js';
import type { V3Pipeline } from './pipeline.js';

/** Refunds the orders of a merchant, or of its sub-merchants, over APIv3. */
export class V3RefundApi implements RefundApi {
  readonly terms: RefundApiTerms;
  readonly #pipeline: V3Pipeline;

  constructor(pipeline: V3Pipeline, terms: RefundApiTerms) {
    this.terms = terms;
    this.#pipeline = pipeline;
  }

  async refund(request: RefundRequest, options?: CallOptions): Promise<Refund> {
    checkReasonBytes(request);
    return this.#pipeline.execute(createRefund, request, options);
  }

  query(ref: RefundRef, options?: CallOptions): Promise<Refund> {
    return this.#pipeline.execute(queryRefund, ref, options);
  }
}
