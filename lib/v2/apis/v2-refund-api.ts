import type { CallOptions } from '../../domain/options.js';
import type { RefundApi, RefundApiTerms } from '../../domain/ports/refund-api.js';
import type { RefundRef } from '../../domain/refunds/refund-ref.js';
import type { RefundRequest } from '../../domain/refunds/refund-request.js';
import type { Refund } from '../../domain/refunds/refund.js';
import { WxPayConfigError } from '../../errors/wxpay-config-error.js';
import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import { timeLeft } from '../../transport/time-left.js';
import { createRefund } from '../operations/create-refund.js';
import { queryRefund } from '../operations/query-refund.js';
import type { V2Pipeline } from '../pipeline.js';

export interface V2RefundApiOptions {
  readonly pipeline: V2Pipeline;
  readonly terms: RefundApiTerms;
  /** False if the merchant has no client certificate: it can then query refunds only. */
  readonly mayRefund: boolean;
}

/** Refunds the orders of a merchant, or of its sub-merchants, over APIv2. */
export class V2RefundApi implements RefundApi {
  readonly terms: RefundApiTerms;
  readonly #pipeline: V2Pipeline;
  readonly #mayRefund: boolean;

  constructor({ pipeline, terms, mayRefund }: V2RefundApiOptions) {
    this.terms = terms;
    this.#pipeline = pipeline;
    this.#mayRefund = mayRefund;
  }

  async refund(request: RefundRequest, options?: CallOptions): Promise<Refund> {
    if (!this.#mayRefund) throw this.#unsupported(NEEDS_CERTIFICATE);
    if (request.amount.from !== undefined) throw ofApiV3('amount.from');
    if (request.goodsDetail !== undefined) throw ofApiV3('goodsDetail');
    return this.#pipeline.execute(createRefund, request, options);
  }

  /** Queries a refund, page by page if WeChat Pay lists all refunds of its order. */
  async query(
    ref: RefundRef,
    { signal, timeoutMs = this.terms.timeoutMs }: CallOptions = {},
  ): Promise<Refund> {
    const remaining = timeLeft({ signal, timeoutMs });
    for (let offset = 0; ;) {
      const page = await this.#pipeline.execute(queryRefund, { ...ref, offset }, remaining());
      if ('refund' in page) return page.refund;
      offset = page.nextOffset;
    }
  }

  async refundAbnormal(): Promise<Refund> {
    throw this.#unsupported(NEEDS_API_V3);
  }

  #unsupported(remedy: string): WxPayConfigError {
    return new WxPayConfigError([remedy], { merchant: this.terms.merchant });
  }
}

const NEEDS_API_V3 =
  "Abnormal refunds are sent another way in APIv3 only: register the merchant with api: 'v3' under a name of its own and use its RefundService, or do it in the merchant console.";

const NEEDS_CERTIFICATE =
  "Refunding needs the merchant's client certificate: set clientCertificate to { cert, key } from apiclient_cert.pem and apiclient_key.pem.";

function ofApiV3(field: string): WxPayInputError {
  return new WxPayInputError(
    field,
    'must be left out: this merchant uses APIv2, which has no such field for refunds.',
  );
}
