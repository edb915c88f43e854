import { LONGEST_PAUSE_MS, ORDER_SCHEDULE_MS } from '../schedules.js';
import { failurePauseMs } from './failure-pause.js';
import type { OrderProgress } from './order-progress.js';

/**
 * Next step of a tracked order.
 *
 * - `query`: query the order at `at`
 * - `settle`: settle the order at `at`; it has expired by then
 * - `deliver`: deliver the outcome to the app now
 * - `done`: nothing is left to do
 */
export type NextStep =
  | { readonly step: 'query' | 'settle'; readonly at: Date }
  | { readonly step: 'deliver' }
  | { readonly step: 'done' };

/** Minimum time between two queries: the first of the schedule. */
const MIN_GAP_MS = 5_000;

/**
 * Decides the next step of a tracked order, on the schedule that WeChat Pay recommends: queries 5 s, 30 s, 1, 3, 5, 10 and 30
 * minutes after it was placed, then every 30 minutes, and a settlement when it expires.
 *
 * After a failure the step is repeated after 5 s, then twice as long after each further failure, at most 10 minutes. Missed
 * queries, for example those of a time when the app was down, are skipped.
 *
 * @param now current time, on the clock that also set the times of `progress`
 * @returns the step; its `at` is `now` or later. At `at` the same progress yields the same step
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012075249
 */
export function nextStep(progress: OrderProgress, now: Date): NextStep {
  const { outcome, told, expiresAt } = progress;
  if (outcome !== undefined) return { step: told === true ? 'done' : 'deliver' };
  const endsAt = expiresAt.getTime();
  const at = Math.max(dueAt(progress), now.getTime());
  if (at < endsAt) return { step: 'query', at: new Date(at) };
  return { step: 'settle', at: new Date(Math.max(endsAt, resumesAt(progress), now.getTime())) };
}

/** Returns the time of the next query, if the order were open for ever. */
function dueAt(progress: OrderProgress): number {
  if (progress.failures > 0) return resumesAt(progress);
  const createdAt = progress.createdAt.getTime();
  const age = Math.max(lastStepAt(progress) - createdAt, 0) + MIN_GAP_MS;
  return (
    createdAt +
    (ORDER_SCHEDULE_MS.find((ms) => ms >= age) ?? Math.ceil(age / LONGEST_PAUSE_MS) * LONGEST_PAUSE_MS)
  );
}

/** Returns the time before which no step is made: that of the last one, and a pause if it failed. */
function resumesAt(progress: OrderProgress): number {
  return lastStepAt(progress) + failurePauseMs(progress.failures);
}

function lastStepAt({ notBefore, createdAt }: OrderProgress): number {
  return (notBefore ?? createdAt).getTime();
}
