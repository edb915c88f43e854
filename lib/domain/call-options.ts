/** How long a call may take and who may end it early. */
export interface CallOptions {
  /** Ends the call: it rejects with `signal.reason`, like `fetch`. What WeChat Pay already received stays received. */
  readonly signal?: AbortSignal;
  /** Bounds the whole call, signing and waiting included, in milliseconds; default: the merchant's `timeoutMs`. */
  readonly timeoutMs?: number;
}
