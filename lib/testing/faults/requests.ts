import type { IncomingHttpHeaders } from 'node:http';
import type { ReceivedRequest } from '../http/exchange.js';
import type { MockFaultKind } from './fault-policy.js';

/** Request received by the mock gateway. */
export interface MockRequest {
  readonly method: string;
  /** Path and query, exactly as sent. */
  readonly path: string;
  /** Names are in lower case; the signature within `authorization` is masked. */
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly receivedAt: Date;
  /** Such as `order.query` or `combine.close`; absent if the gateway has no such endpoint or refused the request earlier. */
  readonly operation?: string;
  readonly outTradeNo?: string;
  /** HTTP status of the reply; absent before the reply, and if the connection was cut instead. */
  readonly status?: number;
  /** Error code of the reply; over APIv2 also for refusals that contain only a text, not a code. */
  readonly code?: string;
  /** Kind of the random fault, if there was one. */
  readonly fault?: MockFaultKind;
}

/** Log entry of one request, completed when it is replied to. */
export type RequestEntry = { -readonly [Field in keyof MockRequest]: MockRequest[Field] };

/** Log of received requests, the oldest first. The oldest entries are dropped at the limit. */
export class RequestLog {
  readonly #entries: RequestEntry[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get entries(): readonly MockRequest[] {
    return this.#entries;
  }

  add({ method, target, headers, body }: ReceivedRequest, receivedAt: Date): RequestEntry {
    const text = body.toString('utf8');
    const entry: RequestEntry = { method, path: target, headers: redact(headers), body: text, receivedAt };
    this.#entries.push(entry);
    if (this.#entries.length > this.#limit) this.#entries.shift();
    return entry;
  }
}

function redact({ authorization, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  if (authorization === undefined) return headers;
  return { authorization: authorization.replace(/signature="[^"]*"?/g, 'signature="…"'), ...headers };
}
