import type { CallContext } from '../errors/call-context.js';
import { safeCause } from '../errors/safe-cause.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';
import type { Deadline } from './deadline.js';

/** The time of a call ran out. */
export function timedOut(
  { operation, subject, merchant }: CallContext,
  host: string,
  deadline: Deadline,
): WxPayTransportError {
  const { hostname } = new URL(host);
  return new WxPayTransportError(
    `WeChat Pay did not answer ${operation} of ${subject} within ${deadline.timeoutMs} ms ` +
      `(${hostname}; most of the time went into ${deadline.slowestStep ?? 'waiting'}). ` +
      'It may have been carried out: query the order, or repeat the call.',
    { merchant, hosts: [hostname], attempts: 1, timedOut: true },
  );
}

/** Nothing came back, or more than is accepted. */
export function unreachable(
  { operation, subject, merchant }: CallContext,
  host: string,
  maxReplyBytes: number,
  error: unknown,
): WxPayTransportError {
  const { hostname } = new URL(host);
  const cause = safeCause(error);
  // The HTTP client has no code of its own for this failure, only this text.
  const tooLarge = cause.message.startsWith('maxContentLength');
  const message = tooLarge
    ? `The answer of ${hostname} to ${operation} of ${subject} is larger than ${maxReplyBytes} bytes, so it was dropped. ` +
      'Check what answers at this host; the option maxReplyBytes sets the limit.'
    : `WeChat Pay could not be reached at ${hostname} for ${operation} of ${subject} (${cause.message}). ` +
      'Check network, DNS, TLS and egress rules.';
  return new WxPayTransportError(message, { merchant, cause, hosts: [hostname], attempts: 1 });
}

/** The signer or the verifier of the app failed, so the call could not go on. */
export function portFailed(
  { operation, subject, merchant }: CallContext,
  port: 'signer' | 'verifier',
  error: unknown,
): WxPayTransportError {
  const cause = safeCause(error);
  return new WxPayTransportError(
    `The ${port} failed during ${operation} of ${subject} (${cause.message}). Check the key service that it uses.`,
    { merchant, cause },
  );
}
