import type { CallContext } from '../errors/call-context.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';
import { Deadline } from './deadline.js';
import { Steps } from './steps.js';

export interface LocalTerms {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs work that asks the signer and no host, within its time.
 *
 * @throws `signal.reason` if the caller aborts; WxPayTransportError if the time is up
 */
export async function runLocally<T>(
  call: CallContext,
  { timeoutMs, signal }: LocalTerms,
  work: (steps: Steps) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(timeoutMs, signal);
  try {
    return await work(new Steps(call, deadline));
  } catch (error) {
    throw deadline.expired ? tooSlow(call, deadline) : error;
  } finally {
    deadline.stop();
  }
}

function tooSlow(
  { operation, subject, merchant }: CallContext,
  { timeoutMs, slowestStep }: Deadline,
): WxPayTransportError {
  return new WxPayTransportError(
    `${operation} of ${subject} took more than ${Math.ceil(timeoutMs)} ms (most of the time went into ${slowestStep ?? 'waiting'}). ` +
      'Repeat the call, or give it more time.',
    { merchant, timedOut: true },
  );
}
