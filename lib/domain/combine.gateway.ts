import type { CallOptions } from './call-options.js';
import type { CombineCloseRequest, CombineOrder } from './combine-order.js';

/** What the combine service needs from an API of WeChat Pay. */
export interface CombineGateway {
  query(combineOutTradeNo: string, options?: CallOptions): Promise<CombineOrder>;
  close(request: CombineCloseRequest, options?: CallOptions): Promise<void>;
}
