import type { CallOptions } from './call-options.js';
import type { OrderRef } from './order-ref.js';
import type { OrderGateway } from './order.gateway.js';
import type { TradeType } from './trade-state.js';

/** Options of one reversal. */
export interface ReverseCallOptions extends CallOptions {
  /** How the order was placed, if that is known: orders paid by face (`FACEPAY`) have an endpoint of their own in APIv2. */
  readonly tradeType?: TradeType;
}

/** What reversing needs from an API of WeChat Pay. */
export interface ReverseGateway extends Pick<OrderGateway, 'query'> {
  /** What a call may take if its options do not say, in milliseconds. */
  readonly timeoutMs: number;
  /** Asks once. `recall` is WeChat Pay's wish to be asked again. */
  reverse(ref: OrderRef, options?: ReverseCallOptions): Promise<{ readonly recall: boolean }>;
}
