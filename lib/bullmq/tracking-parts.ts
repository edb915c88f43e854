import type { WxPayMerchants } from '../index.js';
import type { OrderQueues } from './order-queues.js';
import type { OrderSettledHandler } from './order-settled-handler.js';
import type { ResolvedTrackingOptions } from './tracking-options.js';

/** The parts that tracker and workers share. */
export interface TrackingParts {
  readonly merchants: WxPayMerchants;
  readonly queues: OrderQueues;
  readonly handler: OrderSettledHandler;
  readonly options: ResolvedTrackingOptions;
}
