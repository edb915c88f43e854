import type { CallOptions } from '../domain/options.js';
import type { PayKind, PayParameters, PaySource } from '../domain/placing/pay-parameters.js';
import type { CheckedPrepay } from '../domain/placing/prepay-request.js';
import type { PaySigning, PrepayApi } from '../domain/ports/prepay-api.js';
import { prepayOrder } from './operations/prepay-order.js';
import type { V3Pipeline } from './pipeline.js';

export interface V3PrepayApiOptions {
  readonly pipeline: V3Pipeline;
  readonly paySigner: PaySigning;
  readonly terms: PrepayApi['terms'];
}

/** Places the orders of a merchant, or of its sub-merchants, over APIv3. */
export class V3PrepayApi implements PrepayApi {
  readonly terms: PrepayApi['terms'];
  readonly #pipeline: V3Pipeline;
  readonly #paySigner: PaySigning;

  constructor({ pipeline, paySigner, terms }: V3PrepayApiOptions) {
    this.terms = terms;
    this.#pipeline = pipeline;
    this.#paySigner = paySigner;
  }

  place(order: CheckedPrepay, options?: CallOptions): Promise<string> {
    return this.#pipeline.execute(prepayOrder, order, options);
  }

  signPay<Kind extends PayKind>(
    kind: Kind,
    source: PaySource,
    options: CallOptions & { readonly subject: string },
  ): Promise<PayParameters[Kind]> {
    return this.#paySigner.signPay(kind, source, options);
  }
}
