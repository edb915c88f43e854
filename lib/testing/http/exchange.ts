import type { IncomingHttpHeaders } from 'node:http';

/** Request as received. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, exactly as sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** All header lines; `headers` merges repeated ones. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** True if the client presented a certificate from the trusted issuer. */
  readonly hasClientCertificate: boolean;
}

export type ReplyHeaders = Readonly<Record<string, string>>;

/** Reply before it is signed. */
export interface DraftReply {
  readonly status: number;
  readonly headers?: ReplyHeaders;
  readonly body: Buffer;
  /** Default: true for a success, `signErrors` of the gateway for a refusal. */
  readonly signed?: boolean;
  /** Signs with the certificate that the request names, even if it is not the newest. */
  readonly signWithNamedKey?: boolean;
  /** Offset of the signature's timestamp, in seconds. */
  readonly secondsOff?: number;
  /** Error code, for the request log. */
  readonly code?: string;
  /** Number at the end of `Request-ID`; 0 means success. */
  readonly reason?: number;
}

/** Way in which the connection is cut instead of sending a complete reply. */
export type CutConnection = 'hang' | 'reset' | 'reset-mid-body' | 'close';

/** Reply as sent. */
export interface Reply {
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly body: Buffer;
  readonly delayMs?: number;
  readonly cut?: CutConnection;
  /** Sends one byte at a time, at this interval in milliseconds. */
  readonly dripMs?: number;
}

/** Creates a reply with a JSON body. */
export function jsonReply(status: number, value: unknown): DraftReply {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** Creates a reply without a body. */
export function emptyReply(status: number): DraftReply {
  return { status, body: Buffer.alloc(0) };
}
