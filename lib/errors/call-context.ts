/** Which call an error belongs to: what every message names. */
export interface CallContext {
  /** For example `order.close`. */
  readonly operation: string;
  /** What the call is about, for example `order T20260101`. */
  readonly subject: string;
  /** The name under which the merchant is registered. */
  readonly merchant: string;
}
