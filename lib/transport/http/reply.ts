import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

/** The headers of a message by lower-case name. */
export interface ReplyHeaders {
  get(name: string): string | undefined;
}

/** The part of a reply before its body. */
export interface ReplyHead {
  readonly status: number;
  readonly headers: ReplyHeaders;
}

/** A reply as received: the bytes of the body are the bytes that were signed. */
export interface Reply extends ReplyHead {
  readonly body: Buffer;
}

/** A reply whose body is read as it arrives, decompressed. */
export interface StreamedReply extends ReplyHead {
  readonly body: Readable;
}

/** The reply in a message of Node. */
export function replyFrom<Body>(
  { statusCode = 0, headers }: IncomingMessage,
  body: Body,
): ReplyHead & { readonly body: Body } {
  return { status: statusCode, headers: new NodeHeaders(headers), body };
}

/** Reads the headers that Node has parsed, without a copy. */
class NodeHeaders implements ReplyHeaders {
  readonly #headers: IncomingMessage['headers'];

  constructor(headers: IncomingMessage['headers']) {
    this.#headers = headers;
  }

  get(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value.join(',') : value;
  }
}
