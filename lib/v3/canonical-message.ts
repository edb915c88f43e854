const LINE_FEED = 0x0a;

/** Parts of a request that are signed; the same values are sent. */
export interface SignedParts {
  readonly method: string;
  /** Path and query, percent-encoded exactly as sent. */
  readonly path: string;
  /** Unix time in seconds. */
  readonly timestamp: string;
  readonly nonce: string;
  /** Body exactly as sent; empty for none. */
  readonly body: string;
}

/**
 * Builds the message that a request signature covers: five lines, each ending in a line feed.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012365342
 */
export function requestMessage({ method, path, timestamp, nonce, body }: SignedParts): string {
  return `${method}\n${path}\n${timestamp}\n${nonce}\n${body}\n`;
}

/**
 * Builds the message that a reply signature covers: three lines, with the body as received. An empty body is a line too.
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
