/** Category of a WeChat Pay error code. It decides the HTTP status and the action of the caller. */
export type WxPayApiErrorKind =
  | 'order-not-found'
  | 'refund-not-found'
  | 'order-state'
  | 'rate-limited'
  | 'credentials'
  | 'permission'
  | 'account'
  | 'request'
  | 'not-ready'
  | 'gateway'
  | 'unknown';

/** Row of the error catalog. */
export interface CatalogEntry {
  /** Code in the spelling of the current APIv3 pages; `findError` finds other spellings. */
  readonly code: string;
  readonly kind: WxPayApiErrorKind;
  /** HTTP status of the response to the app's client, not the status of WeChat Pay's reply. */
  readonly status: number;
  /** True if the same call may succeed later without any change. */
  readonly retryable: boolean;
  /** Delay until a retry makes sense, in milliseconds, if WeChat Pay's documentation names one. */
  readonly retryAfterMs?: number;
  /** Description for the app's client, without internals. */
  readonly message: string;
  /** Next step for the operator of the app. */
  readonly remedy: string;
}

type CatalogRow = readonly [code: string, message: string, remedy: string];

/** Builds rows with the same kind, status and `retryable`. */
export const rows = (
  shared: Pick<CatalogEntry, 'kind' | 'status' | 'retryable' | 'retryAfterMs'>,
  list: readonly CatalogRow[],
) => list.map(([code, message, remedy]): CatalogEntry => ({ code, ...shared, message, remedy }));
