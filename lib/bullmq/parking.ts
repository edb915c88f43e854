import { WxPayApiError, WxPayConfigError, WxPaySignatureError, type WxPayError } from '../index.js';

/** Times that decide when a job is parked. They are part of its data, so that only its worker writes them. */
export interface ParkingTimes {
  /** Time since which each step has failed for a reason that the operator has to remove; absent if the last one did not. */
  readonly faultSince?: Date | undefined;
  /** Time at which the job was last parked. After a retry, the maximum age counts from here. */
  readonly parkedAt?: Date | undefined;
}

/** Times after a step, and the reason to park the job, if it is to be parked. */
export type Parking = ParkingTimes & { readonly park?: string | undefined };

/** Maximum time until the outcome is known; the job is parked then, for any failure. */
export interface MaxAge {
  readonly from: Date;
  readonly ms: number;
  /** Reason to park, such as `not final after 14 days`. */
  readonly reason: string;
}

interface Grace {
  readonly ms: number;
  readonly reason: string;
}

const REFUSED: Grace = { ms: 1_800_000, reason: 'refused for more than half an hour' };
/** Longer, because WeChat Pay sends unsigned replies in outages, too. */
const UNVERIFIED: Grace = {
  ms: 6 * 3_600_000,
  reason: 'the replies could not be verified for more than 6 hours',
};

/** Decides, after a step that left the outcome unknown, whether to park the job. */
export function parkingAfter(
  { faultSince: before, parkedAt }: ParkingTimes,
  failure: WxPayError | undefined,
  maxAge: MaxAge,
  now: Date,
): Parking {
  const grace = graceOf(failure);
  const faultSince = grace === undefined ? undefined : (before ?? now);
  const exceeded = isOver(faultSince, grace, now) ? grace?.reason : overdueReason(maxAge, parkedAt, now);
  if (exceeded === undefined) return { faultSince, parkedAt };
  return { parkedAt: now, park: failure === undefined ? exceeded : `${exceeded}: ${failure.message}` };
}

function isOver(since: Date | undefined, grace: Grace | undefined, now: Date): boolean {
  return since !== undefined && grace !== undefined && now.getTime() - since.getTime() >= grace.ms;
}

function overdueReason(
  { from, ms, reason }: MaxAge,
  parkedAt: Date | undefined,
  now: Date,
): string | undefined {
  const since = Math.max(from.getTime(), parkedAt?.getTime() ?? 0);
  return now.getTime() - since > ms ? reason : undefined;
}

/** Returns the time for which a failure is retried before the job is parked; undefined for one that may pass by itself. */
function graceOf(failure: WxPayError | undefined): Grace | undefined {
  // The merchant is not registered.
  if (failure instanceof WxPayConfigError) return REFUSED;
  if (failure instanceof WxPaySignatureError) return UNVERIFIED;
  if (!(failure instanceof WxPayApiError)) return undefined;
  // WeChat Pay refuses its keys, rights or numbers.
  return ['credentials', 'permission', 'request'].includes(failure.kind) ? REFUSED : undefined;
}
