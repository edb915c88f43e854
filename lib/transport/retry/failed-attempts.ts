import { WxPayError } from '../../errors/wxpay-error.js';
import { WxPayTransportError } from '../../errors/wxpay-transport-error.js';
import { addressesOf, addressOf } from '../origin.js';

/** An attempt that failed. */
export interface FailedAttempt {
  readonly host: string;
  /** A few words, see {@link reasonOf}. */
  readonly reason: string;
}

/** The failure of an attempt in a few words. */
export function reasonOf(error: unknown, sent: boolean): string {
  const late = `no ${sent ? 'reply' : 'connection'} in time`;
  if (!(error instanceof WxPayTransportError)) return error instanceof WxPayError ? error.code : late;
  const { timedOut: isTimeout, httpStatus, cause } = error;
  if (isTimeout) return late;
  if (httpStatus !== undefined) return `HTTP ${httpStatus}`;
  return (cause as { readonly code?: string } | undefined)?.code ?? 'no usable reply';
}

/**
 * Turns the error of one attempt, not always the last, into the error of the call.
 *
 * @param failed every attempt, in order
 */
export function withAllAttempts(
  error: WxPayTransportError,
  failed: readonly FailedAttempt[],
): WxPayTransportError {
  if (failed.length === error.attempts) return error;
  const { merchant, cause, timedOut: isTimeout, httpStatus } = error;
  return new WxPayTransportError(
    `${error.message} The call made ${failed.length} attempts (${reasonsByHost(failed)}).`,
    {
      merchant,
      cause,
      timedOut: isTimeout,
      httpStatus,
      hosts: addressesOf(failed.map(({ host }) => host)),
      attempts: failed.length,
    },
  );
}

function reasonsByHost(failed: readonly FailedAttempt[]): string {
  const reasons = new Map<string, Set<string>>();
  for (const { host, reason } of failed) {
    const address = addressOf(host);
    reasons.set(address, (reasons.get(address) ?? new Set()).add(reason));
  }
  return [...reasons].map(([host, ofHost]) => `${host}: ${[...ofHost].join(', ')}`).join('; ');
}
