import type { CallOptions } from '../../domain/options.js';
import type { CheckedPrepay } from '../../domain/placing/prepay-request.js';
import type { PaySigning, PrepayApi } from '../../domain/ports/prepay-api.js';
import { checkV2Prepay } from '../check-prepay.js';
import { prepayOrder } from '../operations/prepay-order.js';
import { ownAddress } from '../own-address.js';
import type { V2Pipeline } from '../pipeline.js';

export interface V2PrepayApiOptions {
  readonly pipeline: V2Pipeline;
  readonly paySigner: PaySigning;
  readonly terms: PrepayApi['terms'];
}

/** Places the orders of a merchant, or of its sub-merchants, over APIv2. */
export class V2PrepayApi implements PrepayApi {
  readonly terms: PrepayApi['terms'];
  readonly paySigner: PaySigning;
  readonly #pipeline: V2Pipeline;

  constructor({ pipeline, paySigner, terms }: V2PrepayApiOptions) {
    this.terms = terms;
    this.#pipeline = pipeline;
    this.paySigner = paySigner;
  }

  async place(order: CheckedPrepay, options?: CallOptions): Promise<string> {
    const input = { order, ownAddress: ownAddress() };
    checkV2Prepay(order, prepayOrder.fields(input));
    return this.#pipeline.execute(prepayOrder, input, options);
  }
}
