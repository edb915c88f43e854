/** Call that an error belongs to. Every message names it. */
export interface CallContext {
  /** For example `order.close`. */
  readonly operation: string;
  /** Object of the call, for example `order T20260101`. */
  readonly subject: string;
  /** Name under which the merchant is registered. */
  readonly merchant: string;
  /** Merchant order number, if the call is about one order. */
  readonly outTradeNo?: string | undefined;
}
