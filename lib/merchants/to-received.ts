import { isUint8Array } from 'node:util/types';
import type { IncomingNotification, ReceivedNotification } from '../domain/notification.js';
import { safeCause } from '../errors/safe-cause.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';

/**
 * Converts a notification that the app passes to the form that the readers take.
 *
 * @throws {WxPayInputError} naming `body` or `headers` if its type is wrong, or `notification` if reading it fails
 */
export function toReceived(incoming: IncomingNotification): ReceivedNotification {
  try {
    // A JavaScript caller may pass any value.
    const { headers, body } = Object(incoming) as Readonly<Record<keyof IncomingNotification, unknown>>;
    return { headers: headersOf(headers), body: bytesOf(body) };
  } catch (error) {
    if (error instanceof WxPayInputError) throw error;
    // The cause is a getter that throws, or an iterable without pairs.
    throw new WxPayInputError(
      'notification',
      `must be { headers, body } as received; reading them failed: ${safeCause(error).message}`,
    );
  }
}

function bytesOf(body: unknown): Uint8Array {
  if (isUint8Array(body)) return body;
  if (typeof body === 'string') return Buffer.from(body);
  throw new WxPayInputError(
    'body',
    `must be the bytes as received, in a Buffer, a Uint8Array or a string: it is ${typeOf(body)}. A body that was parsed has other bytes than WeChat Pay signed.`,
  );
}

function headersOf(headers: unknown): ReceivedNotification['headers'] {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    throw new WxPayInputError(
      'headers',
      `must be an object, Headers or a Map of the headers as received: it is ${typeOf(headers)}.`,
    );
  }
  // Sound: the readers convert values of any type to strings, and a request with wrong headers fails verification.
  if (Symbol.iterator in headers) return Object.fromEntries(headers as Iterable<[string, string]>);
  return headers as ReceivedNotification['headers'];
}

function typeOf(value: unknown): string {
  return `of type ${Object.prototype.toString.call(value).slice(8, -1)}`;
}
