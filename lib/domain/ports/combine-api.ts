import type { CombineCloseRequest, CombineOrder } from '../combine-order.js';
import type { CallOptions } from '../options.js';
import type { CheckedCombinePrepay } from '../placing/combine-prepay-request.js';
import type { PlacingTerms } from '../placing/prepay-request.js';
import type { OrderTerms } from './apis.js';
import type { CloseReply } from './close-reply.js';
import type { PaySigning } from './prepay-api.js';

/** Operations on combine orders. */
export interface CombineApi {
  readonly terms: OrderTerms & PlacingTerms;
  readonly paySigner: PaySigning;
  query(combineOutTradeNo: string, options?: CallOptions): Promise<CombineOrder>;
  close(request: CombineCloseRequest, options?: CallOptions): Promise<CloseReply>;
  /** Places an order and returns what its customer pays with: a `prepay_id`, a `code_url` or an `h5_url`. */
  place(order: CheckedCombinePrepay, options?: CallOptions): Promise<string>;
}
