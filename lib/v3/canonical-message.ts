const LINE_FEED = 0x0a;

/** A request in the form that is signed and sent; the two never differ. */
export interface SignedParts {
  readonly method: string;
  /** Path and query exactly as they go over the wire, percent-encoded. */
  readonly path: string;
  /** Unix time in seconds. */
  readonly timestamp: string;
  readonly nonce: string;
  /** The exact body; empty for none. */
  readonly body: string;
}

/**
 * The message that a request signature covers: five lines, the last one ended too.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012365342
 */
export function requestMessage({ method, path, timestamp, nonce, body }: SignedParts): string {
  return `${method}\n${path}\n${timestamp}\n${nonce}\n${body}\n`;
}

/**
 * The message that the signature of a reply covers: three lines, the body as received. An empty body is a line too.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013053249
 */
export function replyMessage(timestamp: string, nonce: string, body: Uint8Array): Uint8Array {
  const head = `${timestamp}\n${nonce}\n`;
  const headBytes = Buffer.byteLength(head);
  const message = Buffer.allocUnsafe(headBytes + body.length + 1);
  message.write(head);
  message.set(body, headBytes);
  message[message.length - 1] = LINE_FEED;
  return message;
}
