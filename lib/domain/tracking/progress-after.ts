import { isNotFound } from '../../errors/is-not-found.js';
import type { WxPayError } from '../../errors/wxpay-error.js';
import { finalSettlement, type Settlement } from '../flows/settle.js';
import type { Order } from '../order.js';
import type { OrderProgress, TrackedOutcome } from './order-progress.js';
import type { SweepOutcome } from './sweep.js';
import type { TrackedOrder } from './tracked-order.js';

/** Result of a step of a tracked order. */
export type StepResult =
  /** Reply to a query. */
  | { readonly order: Order }
  /** Result of a settlement. */
  | { readonly settlement: Settlement }
  /** Failure of a query or a settlement. */
  | { readonly error: WxPayError }
  /** The app has taken the outcome. */
  | { readonly told: true };

/**
 * Returns the progress of an order after a step.
 *
 * Only a verified final state, or a settlement, is an outcome. A query that does not find the order counts as one that finds it
 * open, because the request that places it may be under way; "not found" is an outcome only if a settlement says so after the
 * order expired. The first outcome stays: later results do not change it.
 *
 * @param result result of the step, or the outcome that a sweep yielded for the order
 * @param now time at which the step ended
 */
export function progressAfter(
  progress: OrderProgress,
  result: StepResult | SweepOutcome,
  now: Date,
): OrderProgress {
  const { told, error, settlement, state, order }: Parts = result;
  if (told === true) return progress.outcome === undefined ? progress : { ...progress, told };
  if (progress.outcome !== undefined) return progress;
  if (error !== undefined) return isNotFound(error) ? checked(progress, now) : failed(progress, now);
  if (settlement !== undefined) return afterSettlement(progress, settlement, now);
  // Sound: the order of a result without other members is the reply to a query.
  const final = finalSettlement(state ?? (order as Order));
  return final === undefined ? checked(progress, now) : ended(progress, final.outcome, now);
}

/** Members that a result may have; the outcome of a sweep has the tracked order beside its result. */
interface Parts {
  readonly told?: true | undefined;
  readonly error?: WxPayError | undefined;
  readonly settlement?: Settlement | undefined;
  readonly state?: Order | undefined;
  readonly order?: Order | TrackedOrder | undefined;
}

function afterSettlement(progress: OrderProgress, settlement: Settlement, now: Date): OrderProgress {
  switch (settlement.outcome) {
    case 'paid':
    case 'closed':
    case 'reverse-required':
      return ended(progress, settlement.outcome, now);
    case 'not-found':
      // Until it expires, an order that is not known may be placed again under its number.
      return now < progress.expiresAt ? checked(progress, now) : ended(progress, settlement.outcome, now);
    case 'too-young':
      return { ...checked(progress, now), notBefore: later(settlement.retryAt, now) };
    default:
      // Unresolved.
      return failed(progress, now);
  }
}

function checked(progress: OrderProgress, now: Date): OrderProgress {
  return { ...progress, checks: progress.checks + 1, failures: 0, notBefore: now };
}

function failed(progress: OrderProgress, now: Date): OrderProgress {
  return { ...progress, failures: progress.failures + 1, notBefore: now };
}

function ended(progress: OrderProgress, outcome: TrackedOutcome, now: Date): OrderProgress {
  return { ...progress, failures: 0, notBefore: now, outcome };
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
