import type { WxPayFailure } from './failure.js';

/**
 * Outcome of a call or an attempt:
 *
 * - `success`: a verified reply confirms it
 * - `refused`: WeChat Pay replied with an error code
 * - `failed`: there was no reply, or none that can be used
 * - `aborted`: the caller ended it
 */
export type CallOutcome = 'success' | 'refused' | 'failed' | 'aborted';

/** Labels that the events of a call and of its attempts have in common. */
export interface CallLabels {
  /** The name under which the merchant is registered; the merchant number for a download of its certificates. */
  readonly merchant: string;
  /** For example `order.query`. The set of operations is fixed: those of `WxPayClient` are `request`, `upload` and `download`. */
  readonly operation: string;
  readonly api: 'v3' | 'v2';
}

/** One call to WeChat Pay, with all its attempts. The members after `outTradeNo` are set when the call is over. */
export interface CallEvent extends CallLabels {
  /** Merchant order number, if the call is about one order; for a combine order, its combine order number. */
  readonly outTradeNo?: string | undefined;
  readonly outcome?: CallOutcome | undefined;
  /** Time from the call to its end in milliseconds: waiting, signing and retries included. */
  readonly durationMs?: number | undefined;
  /** Number of attempts; 0 if the call ended while it waited for other calls. */
  readonly attempts?: number | undefined;
  /** Origin of the last attempt, for example `https://api.mch.weixin.qq.com`. */
  readonly host?: string | undefined;
  /** True if that origin is not the first one of the merchant's `hosts`. */
  readonly isBackup?: boolean | undefined;
  /** HTTP status of the last reply. */
  readonly httpStatus?: number | undefined;
  /** WeChat Pay's `Request-ID` in the last reply, to ask its support about. */
  readonly requestId?: string | undefined;
  readonly error?: WxPayFailure | undefined;
}

/** One attempt of a call ended: one request to one host, from signing to decoding. */
export interface AttemptEvent extends CallLabels {
  /** 1 for the first attempt of the call. */
  readonly attempt: number;
  /** Origin, for example `https://api.mch.weixin.qq.com`. */
  readonly host: string;
  /** True if that origin is not the first one of the merchant's `hosts`. */
  readonly isBackup: boolean;
  readonly outcome: CallOutcome;
  readonly durationMs: number;
  /** Absent if no reply was received. */
  readonly httpStatus?: number | undefined;
  /** WeChat Pay's `Request-ID`, if there was a reply with one. */
  readonly requestId?: string | undefined;
  readonly error?: WxPayFailure | undefined;
}
