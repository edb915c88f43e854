import { requestIdOf } from '../../errors/request-id.js';
import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import type { AttemptEvent, CallLabels, CallOutcome } from '../../telemetry/call-events.js';
import { describeFailure, type WxPayFailure } from '../../telemetry/failure.js';
import type { Deadline } from '../deadline.js';
import type { Attempt, AttemptResult } from './attempt.js';

/** Facts about an attempt that only its call knows. */
export interface AttemptFacts {
  readonly labels: CallLabels;
  /** 1 for the first attempt of the call. */
  readonly attempt: number;
  readonly isBackup: boolean;
  readonly durationMs: number;
  readonly deadline: Deadline;
}

/** Describes an attempt that ended. */
export function attemptEvent(
  { host, head }: Attempt,
  result: AttemptResult<unknown>,
  { labels, attempt, isBackup, durationMs, deadline }: AttemptFacts,
): AttemptEvent {
  const { outcome, error } = result.ok ? SUCCESS : endOf(result.error, deadline);
  return {
    ...labels,
    attempt,
    host,
    isBackup,
    outcome,
    durationMs,
    httpStatus: head?.status,
    requestId: requestIdOf(head?.headers.get('request-id')),
    error,
  };
}

/** Outcome of a call or an attempt, and its failure, if it failed. */
export interface End {
  readonly outcome: CallOutcome;
  readonly error?: WxPayFailure;
}

export const SUCCESS: End = { outcome: 'success' };

/** Describes the end of a call or an attempt that failed with this error. */
export function endOf(error: unknown, deadline: Pick<Deadline, 'end' | 'aborted' | 'expired'>): End {
  if (deadline.end?.reason === error) {
    return deadline.aborted
      ? { outcome: 'aborted', error: { type: 'aborted', message: 'The caller aborted the call.' } }
      : { outcome: 'failed', error: { type: 'timeout', message: 'The time of the call was up.' } };
  }
  return { outcome: error instanceof WxPayApiError ? 'refused' : 'failed', error: describeFailure(error) };
}
