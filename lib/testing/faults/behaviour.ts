import type { ProblemDetail } from '../v3/problem.js';

/**
 * What the mock gateway does with one request instead of answering as usual. Exactly one of an official error (`code`),
 * a reply of your own (`reply`) and a fault (`fault`), or none of them; each with the fields of {@link MockBehaviourScope}.
 */
export type MockBehaviour = MockBehaviourScope & (MockError | MockReply | MockFault | NoChange);

/** When a behaviour applies, and what happens around it. */
export interface MockBehaviourScope {
  /** Waits for a request of this kind and order; others are answered as if the behaviour were not there. */
  readonly when?:
    { readonly operation?: string | undefined; readonly outTradeNo?: string | undefined } | undefined;
  /** Runs before the request is handled: pay an order between the query and the close, for example. */
  readonly before?: (() => void | Promise<void>) | undefined;
  /** Makes the answer wait, in milliseconds. */
  readonly delayMs?: number | undefined;
}

/** A refusal in the official shape. The order stays as it is. */
export interface MockError {
  /** APIv2 answers 200 even then. */
  readonly status: number;
  /** In the spelling of the API asked: `SYSTEM_ERROR` in APIv3, `SYSTEMERROR` in APIv2. */
  readonly code: string;
  readonly message?: string | undefined;
  readonly detail?: ProblemDetail | undefined;
  /** Default: as the gateway was started (`signErrors`); over APIv2, always. */
  readonly signed?: boolean | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Of a reversal over APIv2: asks the client to call again. */
  readonly recall?: boolean | undefined;
}

/** Any reply. The order stays as it is. */
export interface MockReply {
  readonly reply: {
    readonly status: number;
    /** Text or bytes as they are; anything else as JSON, over APIv2 as the fields of a message. Default: empty. */
    readonly body?: unknown;
    /** Default: a success is, a refusal as the gateway was started (`signErrors`). */
    readonly signed?: boolean | undefined;
    /** Added to the usual ones, or in place of them. */
    readonly headers?: Readonly<Record<string, string>> | undefined;
  };
}

/**
 * When an order is paid that is being closed: `before`, so that the close is refused with `ORDER_PAID`; `during`, while the
 * close fails with `SYSTEM_ERROR`; `after` it was refused with `TRADE_ERROR`.
 */
export type MockPaymentMoment = 'before' | 'during' | 'after';

/** How a reply is compressed. */
export type MockEncoding = 'gzip' | 'deflate' | 'br';

/** Something goes wrong; docs/testing.md lists what each fault does. */
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
  /** Of APIv2 only. */
  | { readonly fault: 'downgraded' | 'doctype' | 'duplicate-tag' | 'recut' }
  /** Validly signed, but dated so many seconds later (negative: earlier) than now. */
  | { readonly fault: 'timestamp'; readonly secondsOff: number }
  | { readonly fault: 'missing-header'; readonly header: string }
  /** A query is answered, validly signed, with this other order; default: the oldest other one of the same owner. */
  | { readonly fault: 'swapped'; readonly outTradeNo?: string | undefined }
  /** Of APIv3 only: the signed 204 or refusal that answered a request about this other order, once more. */
  | { readonly fault: 'replayed'; readonly outTradeNo: string }
  /** Default: 2 MiB. */
  | { readonly fault: 'oversize'; readonly bytes?: number | undefined }
  /** Small on the wire, validly signed, and 16 MiB when expanded. Default: gzip. */
  | {
      readonly fault: 'bomb';
      readonly encoding?: MockEncoding | undefined;
      readonly bytes?: number | undefined;
    }
  /** One byte at a time, in milliseconds; default: every second. */
  | { readonly fault: 'drip'; readonly everyMs?: number | undefined }
  /** Of a close only: say `when`. Default: `before`. */
  | { readonly fault: 'pay-during-close'; readonly moment?: MockPaymentMoment | undefined }
  /** Default status: 502. */
  | { readonly fault: 'html'; readonly status?: number | undefined }
  /** Default: to a path of the gateway itself, where `requests` shows who follows. */
  | { readonly fault: 'redirect'; readonly location?: string | undefined }
  /** `handled: false`: the request is lost before it takes effect. */
  | { readonly fault: 'hang' | 'reset' | 'close'; readonly handled?: boolean | undefined };

/** The usual answer. */
export interface NoChange {
  readonly fault?: undefined;
  readonly reply?: undefined;
  readonly code?: undefined;
}
