import type { IncomingHttpHeaders } from 'node:http';
import type { MockFaultKind } from './fault-policy.js';

/** A request that reached the mock gateway. */
export interface MockRequest {
  readonly method: string;
  /** Path and query, exactly as sent. */
  readonly path: string;
  /** Names in lower case; the signature within `authorization` is blanked out. */
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly receivedAt: Date;
  /** Such as `order.query` or `combine.close`; absent if the gateway has no such endpoint or refused the request before. */
  readonly operation?: string;
  readonly outTradeNo?: string;
  /** The HTTP status answered; absent while there is none, and where the connection was cut instead. */
  readonly status?: number;
  /** The error code answered; of APIv2, where the client gets but a text, the one that it stands for. */
  readonly code?: string;
  /** The kind of random fault that struck it. */
  readonly fault?: MockFaultKind;
}

/** The entry of one request, completed while it is answered. */
export type RequestEntry = { -readonly [Field in keyof MockRequest]: MockRequest[Field] };

/** What arrived, oldest first; the oldest entries make room for new ones. */
export class RequestLog {
  readonly #entries: RequestEntry[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get entries(): readonly MockRequest[] {
    return this.#entries;
  }

  add(request: MockRequest): RequestEntry {
    const entry: RequestEntry = { ...request, headers: redact(request.headers) };
    this.#entries.push(entry);
    if (this.#entries.length > this.#limit) this.#entries.shift();
    return entry;
  }
}

function redact({ authorization, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  if (authorization === undefined) return headers;
  return { ...headers, authorization: authorization.replace(/signature="[^"]*"?/g, 'signature="…"') };
}
