import type { CallOptions } from '../options.js';
import type { PayKind, PayParameters, PaySource } from '../placing/pay-parameters.js';
import type { CheckedPrepay, PlacingTerms } from '../placing/prepay-request.js';
import type { OrderTerms } from './apis.js';

/** Signs the parameters with which a client pays. */
export interface PaySigning {
  /** @param options `subject` names the order in error messages */
  signPay<Kind extends PayKind>(
    kind: Kind,
    source: PaySource,
    options: CallOptions & { readonly subject: string },
  ): Promise<PayParameters[Kind]>;
}

/** Operations that placing an order needs. Each API has its implementation. */
export interface PrepayApi {
  readonly terms: OrderTerms & PlacingTerms;
  readonly paySigner: PaySigning;
  /** Places an order and returns what its customer pays with: a `prepay_id`, a `code_url` or an `h5_url`. */
  place(order: CheckedPrepay, options?: CallOptions): Promise<string>;
}
