import type { ProblemDetail } from '../v3/problem.js';

/**
 * Behaviour of the mock gateway for one request, instead of the usual reply. Exactly one of an official error (`code`), a
 * custom reply (`reply`) and a fault (`fault`), or none of them; each with the fields of {@link MockBehaviourScope}.
 */
export type MockBehaviour = MockBehaviourScope & (MockError | MockReply | MockFault | NoChange);

/** Requests that a behaviour applies to, and side effects. */
export interface MockBehaviourScope {
  /** Waits for a request with this operation and order. All others are processed as usual. */
  readonly when?:
    { readonly operation?: string | undefined; readonly outTradeNo?: string | undefined } | undefined;
  /** Runs before the request is processed; use it to pay an order between the query and the close, for example. */
  readonly before?: (() => void | Promise<void>) | undefined;
  /** Delays the reply, in milliseconds. */
  readonly delayMs?: number | undefined;
}

/** Refusal in the official format. The order is not changed. */
export interface MockError {
  /** HTTP status; the real APIv2 sends 200 with refusals, too. */
  readonly status: number;
  /** Error code in the spelling of the API: `SYSTEM_ERROR` in APIv3, `SYSTEMERROR` in APIv2. */
  readonly code: string;
  readonly message?: string | undefined;
  readonly detail?: ProblemDetail | undefined;
  /** Default: `signErrors` of the gateway; true over APIv2. */
  readonly signed?: boolean | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Asks the client to retry; APIv2 reversals only. */
  readonly recall?: boolean | undefined;
}

/** Custom reply. The order is not changed. */
export interface MockReply {
  readonly reply: {
    readonly status: number;
    /** Strings and bytes are sent unchanged; other values as JSON, or over APIv2 as the fields of a message. Default: empty. */
    readonly body?: unknown;
    /** Default: true for a success, `signErrors` of the gateway for a refusal. */
    readonly signed?: boolean | undefined;
    /** Added to the usual headers; replaces those of the same name. */
    readonly headers?: Readonly<Record<string, string>> | undefined;
  };
}

/**
 * Moment of a payment during a close: `before`, so that the close is refused with `ORDER_PAID`; `during`, while the close
 * fails with `SYSTEM_ERROR`; `after` it was refused with `TRADE_ERROR`.
 */
export type MockPaymentMoment = 'before' | 'during' | 'after';

/** Compression of a reply. */
export type MockEncoding = 'gzip' | 'deflate' | 'br';

/** Fault of the mock gateway; docs/testing.md describes each. */
export type MockFault =
  | {
      readonly fault:
        | 'unsigned'
        | 'wrong-signature'
        | 'wrong-nonce'
        | 'unknown-serial'
        | 'probe'
        | 'tampered-body'
        | 'wrong-content-type'
        | 'other-merchant'
        | 'malformed'
        | 'wrong-types'
        | 'decorated'
        | 'reset-mid-body';
    }
  /** APIv2 only. */
  | { readonly fault: 'downgraded' | 'doctype' | 'duplicate-tag' | 'recut' }
  /** Valid signature with a timestamp that many seconds in the future (negative: in the past). */
  | { readonly fault: 'timestamp'; readonly secondsOff: number }
  | { readonly fault: 'missing-header'; readonly header: string }
  /** Replies to a query, validly signed, with this other order; default: the oldest other order of the same owner. */
  | { readonly fault: 'swapped'; readonly outTradeNo?: string | undefined }
  /**
   * APIv3 only: repeats the signed reply to the last request of the same operation about this other order; if there was none,
   * the last signed 204 or refusal about it. The request is not processed.
   */
  | { readonly fault: 'replayed'; readonly outTradeNo: string }
  /** Reply of this size; default 2 MiB. */
  | { readonly fault: 'oversize'; readonly bytes?: number | undefined }
  /** Compressed, validly signed reply that expands to 16 MiB by default. Default encoding: gzip. */
  | {
      readonly fault: 'bomb';
      readonly encoding?: MockEncoding | undefined;
      readonly bytes?: number | undefined;
    }
  /** Sends one byte at a time; the interval is in milliseconds, by default one second. */
  | { readonly fault: 'drip'; readonly everyMs?: number | undefined }
  /** Close requests only: set `when`. Default: `before`. */
  | { readonly fault: 'pay-during-close'; readonly moment?: MockPaymentMoment | undefined }
  /** HTML page of a proxy; default status 502. */
  | { readonly fault: 'html'; readonly status?: number | undefined }
  /** Redirect; default target: a path of the gateway itself, so that `requests` shows clients that follow it. */
  | { readonly fault: 'redirect'; readonly location?: string | undefined }
  /** `handled: false` drops the request before it takes effect. */
  | { readonly fault: 'hang' | 'reset' | 'close'; readonly handled?: boolean | undefined };

/** No change: the usual reply. */
export interface NoChange {
  readonly fault?: undefined;
  readonly reply?: undefined;
  readonly code?: undefined;
}
