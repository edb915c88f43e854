import type { Reply, StreamedReply } from './reply.js';

/** A request in the form that is signed and sent. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly path: string;
  /** Empty for none. */
  readonly body: string | Uint8Array;
}

/** A request to one host, with its headers. */
export interface AddressedRequest extends WireRequest {
  /** The origin of the host. */
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request with the limit of its reply. */
export interface HttpRequest extends AddressedRequest {
  /** The largest reply accepted, after decompression. */
  readonly maxReplyBytes: number;
}

/** The caller's side of one exchange. */
export interface Exchange {
  /** Aborted when the exchange has to stop. Created on first access; {@link onAbort} costs less. */
  readonly signal: AbortSignal;
  /** Sets the function to call when the exchange has to stop. */
  onAbort(abort: () => void): void;
  /** Called once the host may have received the request; a {@link SendError} `unconnected` takes it back. */
  sent(): void;
}

/** Exchanges one request for one reply, both byte for byte. It never retries and follows no redirect. */
export interface HttpClient {
  /**
   * Sends a request and resolves with the reply, of any status.
   *
   * @throws {SendError} if no reply was received; any error once the signal is aborted
   */
  send(request: HttpRequest, exchange: Exchange): Promise<Reply>;
  /**
   * Sends a request and resolves with the head of the reply, of any status. The caller reads the body to its end, or destroys
   * it; either frees the connection.
   *
   * @throws {SendError} if no head was received; any error once the signal is aborted
   */
  open(request: AddressedRequest, exchange: Exchange): Promise<StreamedReply>;
  /** Closes idle connections. Requests under way, and later ones, still complete; their connections are closed then. */
  close(): void;
}
