import type { CallOptions } from '../../domain/options.js';
import type { CheckedPrepay } from '../../domain/placing/prepay-request.js';
import type { PaySigning, PrepayApi } from '../../domain/ports/prepay-api.js';
import { prepayOrder } from '../operations/prepay-order.js';
import type { V3Pipeline } from '../pipeline.js';

export interface V3PrepayApiOptions {
  readonly pipeline: V3Pipeline;
  readonly paySigner: PaySigning;
  readonly terms: PrepayApi['terms'];
}

/** Places the orders of a merchant, or of its sub-merchants, over APIv3. */
export class V3PrepayApi implements PrepayApi {
  readonly terms: PrepayApi['terms'];
  readonly paySigner: PaySigning;
  readonly #pipeline: V3Pipeline;

  constructor({ pipeline, paySigner, terms }: V3PrepayApiOptions) {
    this.terms = terms;
    this.#pipeline = pipeline;
    this.paySigner = paySigner;
  }

  place(order: CheckedPrepay, options?: CallOptions): Promise<string> {
    return this.#pipeline.execute(prepayOrder, order, options);
  }
}
