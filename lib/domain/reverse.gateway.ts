import type { CallOptions } from './call-options.js';
import type { OrderRef } from './order-ref.js';
import type { OrderGateway } from './order.gateway.js';

/** What reversing needs from an API of WeChat Pay. */
export interface ReverseGateway extends Pick<OrderGateway, 'query'> {
  /** What a call may take if its options do not say, in milliseconds. */
  readonly timeoutMs: number;
  /** Asks once. `recall` is WeChat Pay's wish to be asked again. */
  reverse(ref: OrderRef, options?: CallOptions): Promise<{ readonly recall: boolean }>;
}
