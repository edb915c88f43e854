import type { IncomingHttpHeaders } from 'node:http';

/** A request as it came over the wire. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, exactly as sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Every header line: the only place where one that came twice shows. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** Came with a client certificate of an issuer that the gateway trusts. */
  readonly isCertified: boolean;
}

export type ReplyHeaders = Readonly<Record<string, string>>;

/** An answer before it is signed. */
export interface Answer {
  readonly status: number;
  readonly headers?: ReplyHeaders;
  readonly body: Buffer;
  /** Default: successes are, refusals only if the gateway was started with `signErrors`. */
  readonly signed?: boolean;
  /** Signed with the very certificate that the request names, be it not the newest. */
  readonly signedAsNamed?: boolean;
  /** How far the clock of the signature is off, in seconds. */
  readonly secondsOff?: number;
  /** The error code, for the record. */
  readonly code?: string;
  /** The number at the end of `Request-ID`; 0 is success. */
  readonly reason?: number;
}

/** What becomes of the connection instead of a complete reply. */
export type CutConnection = 'hang' | 'reset' | 'reset-mid-body' | 'close';

/** A reply as it goes over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly body: Buffer;
  readonly delayMs?: number;
  readonly cut?: CutConnection;
  /** One byte at a time, each so many milliseconds after the one before. */
  readonly dripMs?: number;
}

/** An answer with a JSON body. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** An answer without a body. */
export function emptyAnswer(status: number): Answer {
  return { status, body: Buffer.alloc(0) };
}
