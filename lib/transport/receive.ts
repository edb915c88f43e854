import type { CallContext } from '../errors/call-context.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';
import type { Attempt } from './attempt.js';
import { Deadline } from './deadline.js';

/** What bounds the reading of a message that WeChat Pay sends by itself. */
export interface ReceiveLimits {
  /** How long keys may be asked, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** WeChat Pay waits five seconds for its answer. */
const SENDER_WAITS_MS = 4_500;

/**
 * Reads a message that WeChat Pay sent by itself, while it waits for the answer: a key service that hangs must not hold
 * the connection.
 */
export async function receive<T>(
  call: CallContext,
  body: Uint8Array,
  { timeoutMs, maxBytes }: ReceiveLimits,
  read: (exchange: Pick<Attempt, 'call' | 'step'>) => Promise<T>,
): Promise<T> {
  if (body.length > maxBytes) {
    throw new WxPayInputError(
      'body',
      `has ${body.length} bytes; the option maxReplyBytes allows ${maxBytes}.`,
    );
  }
  const deadline = new Deadline(Math.min(timeoutMs, SENDER_WAITS_MS));
  try {
    return await read({ call, step: (name, work) => deadline.step(name, work) });
  } catch (error) {
    throw deadline.expired ? tooSlow(call, deadline) : error;
  } finally {
    deadline.stop();
  }
}

function tooSlow({ subject, merchant }: CallContext, { timeoutMs, slowestStep }: Deadline): Error {
  return new WxPayTransportError(
    `A notification to ${subject} could not be judged within ${timeoutMs} ms (most of the time went into ${slowestStep}). ` +
      'WeChat Pay sends it again: check the key service, or the way to WeChat Pay if certificates are downloaded.',
    { merchant, timedOut: true },
  );
}
