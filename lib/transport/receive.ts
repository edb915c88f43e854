import type { CallContext } from '../errors/call-context.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';
import { NOTIFICATION_TIMEOUT_MS } from '../rules/limits.js';
import { publishVerificationFailure } from '../telemetry/verification-failure.js';
import { Deadline } from './deadline.js';
import { Steps } from './steps.js';

/** Limits for reading a notification. */
export interface ReceiveLimits {
  /** The time for verifying, key services included, in milliseconds. */
  readonly timeoutMs: number;
  /** Maximum size of any received message. */
  readonly maxBytes: number;
}

/** The limits of a merchant, and the limit of its API. */
export interface NotificationLimits extends ReceiveLimits {
  /** Maximum size of a notification of this API. Anyone can send one, so the limit is lower than for replies. */
  readonly maxNotificationBytes: number;
}

/**
 * Reads a notification within the time for which WeChat Pay waits for the answer, so that a key service that hangs does not
 * hold the connection.
 */
export async function receive<T>(
  call: CallContext,
  body: Uint8Array,
  { timeoutMs, maxBytes, maxNotificationBytes }: NotificationLimits,
  read: (steps: Steps) => Promise<T>,
): Promise<T> {
  const limit = Math.min(maxBytes, maxNotificationBytes);
  if (body.length > limit) {
    const reason =
      limit === maxNotificationBytes ? 'no notification has more than' : 'the option maxReplyBytes allows';
    throw new WxPayInputError('body', `has ${body.length} bytes; ${reason} ${limit}.`);
  }
  const deadline = new Deadline(Math.min(timeoutMs, NOTIFICATION_TIMEOUT_MS));
  try {
    return await read(new Steps(call, deadline));
  } catch (error) {
    publishVerificationFailure(error, call);
    throw deadline.expired ? tooSlow(call, deadline) : error;
  } finally {
    deadline.stop();
  }
}

function tooSlow({ subject, merchant }: CallContext, { timeoutMs, slowestStep }: Deadline): Error {
  return new WxPayTransportError(
    `A notification to ${subject} could not be checked within ${Math.ceil(timeoutMs)} ms (most of the time went into ${slowestStep}). ` +
      'WeChat Pay sends it again: check the key service, or the way to WeChat Pay if certificates are downloaded.',
    { merchant, timedOut: true },
  );
}
