import { isNotFound } from '../../errors/is-not-found.js';
import type { WxPayError } from '../../errors/wxpay-error.js';
import { isFinalRefundStatus, type Refund } from '../refunds/refund.js';
import { LONGEST_PAUSE_MS, REFUND_SCHEDULE_MS } from '../schedules.js';
import { failurePauseMs } from './failure-pause.js';

/** Final status of a refund. @see RefundStatus */
export type TrackedRefundOutcome = 'SUCCESS' | 'CLOSED' | 'ABNORMAL';

/** Progress of a tracked refund: plain values that a job or a row of a table stores between two steps. */
export interface RefundProgress {
  /** Time at which tracking began, right after the refund was requested. */
  readonly createdAt: Date;
  /** Number of queries that found the refund under way, or not at all. */
  readonly checks: number;
  /** Number of consecutive queries that left the status unknown. 0 after a verified reply. */
  readonly failures: number;
  /** Time of the last query. */
  readonly notBefore?: Date | undefined;
  /** Known final status. Store it before it is delivered to the app. */
  readonly outcome?: TrackedRefundOutcome | undefined;
}

/** Next step of a tracked refund: query it at `at`, or deliver the final status to the app now. */
export type NextRefundStep = { readonly step: 'query'; readonly at: Date } | { readonly step: 'deliver' };

/**
 * Decides the next step of a tracked refund, at the pace that WeChat Pay recommends: each minute for 5 minutes, then after 5,
 * 10 and 20 minutes, then every 30 minutes. After a failure it is repeated after 5 s, then twice as long after each further one,
 * at most 10 minutes.
 *
 * @returns the step; its `at` is `now` or later
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071031
 */
export function nextRefundStep(progress: RefundProgress, now: Date): NextRefundStep {
  if (progress.outcome !== undefined) return { step: 'deliver' };
  return { step: 'query', at: new Date(Math.max(dueAt(progress), now.getTime())) };
}

/** Returns the progress of a refund after a query. A refund that is not found counts as under way: it may appear later. */
export function refundProgressAfter(
  progress: RefundProgress,
  result: { readonly refund: Refund } | { readonly error: WxPayError },
  now: Date,
): RefundProgress {
  if ('error' in result && !isNotFound(result.error)) {
    return { ...progress, failures: progress.failures + 1, notBefore: now };
  }
  const outcome = 'refund' in result ? outcomeOfRefund(result.refund) : undefined;
  const replied = { ...progress, failures: 0, notBefore: now };
  return outcome === undefined ? { ...replied, checks: progress.checks + 1 } : { ...replied, outcome };
}

function outcomeOfRefund({ status }: Refund): TrackedRefundOutcome | undefined {
  return isFinalRefundStatus(status) ? status : undefined;
}

function dueAt({ createdAt, notBefore, failures }: RefundProgress): number {
  const lastAt = (notBefore ?? createdAt).getTime();
  if (failures > 0) return lastAt + failurePauseMs(failures);
  let at = createdAt.getTime();
  for (const pauseMs of REFUND_SCHEDULE_MS) {
    at += pauseMs;
    if (at > lastAt) return at;
  }
  // Missed queries are skipped.
  return at + LONGEST_PAUSE_MS * (Math.floor((lastAt - at) / LONGEST_PAUSE_MS) + 1);
}
