import type { WxPayError } from '../../errors/wxpay-error.js';
import { leavesOutcomeOpen } from '../effect.js';
import type { AttemptFailure } from './attempt.js';
import { Backoff } from './backoff.js';
import { reasonOf, type FailedAttempt } from './failed-attempts.js';
import type { RetryDecision } from './retry-decision.js';

/** Record of the failed attempts of a call. */
export class CallFailures {
  readonly failed: FailedAttempt[] = [];
  /** The decisions that were carried out. */
  readonly retried: RetryDecision[] = [];
  readonly backoff = new Backoff();
  /** The number of attempts when the call paused last. */
  roundStart = 0;
  /** True if a host may have received a request. */
  sent = false;
  /** True if a request may have been carried out. */
  isOutcomeOpen = false;
  /** The last error that came with a reply. */
  lastReplyError: WxPayError | undefined;
  /** The failure of the app's own signer or verifier. */
  appFailure: unknown;

  add({ host, error, sent }: AttemptFailure): void {
    this.failed.push({ host, reason: reasonOf(error, sent) });
    this.sent ||= sent;
    this.isOutcomeOpen ||= sent && leavesOutcomeOpen(error);
  }
}
