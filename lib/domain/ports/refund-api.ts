import type { CallOptions } from '../options.js';
import type { AbnormalRefundRequest } from '../refunds/abnormal-refund-request.js';
import type { RefundRef } from '../refunds/refund-ref.js';
import type { RefundRequest } from '../refunds/refund-request.js';
import type { Refund } from '../refunds/refund.js';
import type { OrderTerms } from './apis.js';

/** Terms that a merchant sets for its refunds. */
export interface RefundApiTerms extends OrderTerms {
  /** Address for the notifications of refunds whose request names none. */
  readonly refundNotifyUrl?: string | undefined;
}

/** Operations on refunds. Each API has its implementation. */
export interface RefundApi {
  readonly terms: RefundApiTerms;
  refund(request: RefundRequest, options?: CallOptions): Promise<Refund>;
  query(ref: RefundRef, options?: CallOptions): Promise<Refund>;
  refundAbnormal(request: AbnormalRefundRequest, options?: CallOptions): Promise<Refund>;
}
