import { isRateLimit } from '../../errors/rate-limit.js';
import type { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import { attemptCall } from '../flows/attempt-call.js';
import { Pace } from '../flows/pace.js';
import { runMany } from '../flows/run-many.js';
import type { Slot } from '../flows/slots.js';
import { publishSettlement } from '../flows/publish-settlement.js';
import { finalSettlement, settle, type Settlement } from '../flows/settle.js';
import type { QueryManyOptions } from '../options.js';
import type { Order } from '../order.js';
import type { MerchantsAccess } from '../ports/merchants-access.js';
import { checkTrackedOrder, type TrackedOrder } from './tracked-order.js';

/**
 * Result of a sweep for one order; `order` is the object that the source yielded.
 *
 * - `settlement`: the outcome of an order that is final or has expired; settle it again later if it is `too-young` or `unresolved`
 * - `state`: the order is open
 * - `error`: the failure of an order that has not expired, or of one that could not be settled at all
 */
export type SweepOutcome<T extends TrackedOrder = TrackedOrder> =
  | { readonly order: T; readonly settlement: Settlement; readonly state?: never; readonly error?: never }
  | { readonly order: T; readonly state: Order; readonly settlement?: never; readonly error?: never }
  | { readonly order: T; readonly error: WxPayError; readonly settlement?: never; readonly state?: never };

/** Result of one step for an order. */
type Finding = { readonly settlement: Settlement } | { readonly state: Order };

/** Queries each order that has not expired and settles each that has, several at a time. */
export function sweep<T extends TrackedOrder>(
  merchants: MerchantsAccess,
  open: Iterable<T> | AsyncIterable<T>,
  options: QueryManyOptions,
): AsyncGenerator<SweepOutcome<T>, void, undefined> {
  const paces = new Map<string, Pace>();
  const run = async (order: T, signal: AbortSignal, slot: Slot): Promise<SweepOutcome<T>> => {
    const result = await attemptCall(signal, () => {
      // Copied before the first await, because a cursor may reuse one object for all of its rows.
      const checked = checkTrackedOrder(order, new Date(merchants.now()));
      const step = () => stepOf(checked, merchants, signal);
      // An order gives its slot up while its merchant is paused, so that it does not hold up the other merchants.
      return paceOf(checked.merchant).run(signal, step, { findRateLimit, slot });
    });
    return result instanceof WxPayError ? { order, error: result } : { order, ...result };
  };
  // WeChat Pay limits the rate of each merchant on its own.
  const paceOf = (merchant: string): Pace => {
    // Thrown here for an unknown merchant, so that wrong names in a table take no memory.
    merchants.of(merchant);
    const pace = paces.get(merchant) ?? new Pace();
    paces.set(merchant, pace);
    return pace;
  };
  return runMany(open, { what: 'A sweep of orders', run, closing: merchants.closing }, options);
}

async function stepOf(
  { ref, createdAt, expiresAt, merchant }: ReturnType<typeof checkTrackedOrder>,
  merchants: MerchantsAccess,
  signal: AbortSignal,
): Promise<Finding> {
  const { orders, now } = merchants.of(merchant);
  if (now() >= expiresAt.getTime()) {
    return { settlement: await settle(orders(), ref, { createdAt, expiresAt, signal }, now) };
  }
  const state = await orders().query(ref, { signal });
  const settlement = finalSettlement(state);
  if (settlement === undefined) return { state };
  publishSettlement({ merchant: orders().terms.merchant, ref, outcome: settlement.outcome, expiresAt }, now);
  return { settlement };
}

/** Returns the refusal because of a rate limit that ended a query or a settlement. */
function findRateLimit(result: Finding | WxPayError): WxPayApiError | undefined {
  if (result instanceof WxPayError) return isRateLimit(result) ? result : undefined;
  if (!('settlement' in result) || result.settlement.outcome !== 'unresolved') return undefined;
  const { cause } = result.settlement;
  return isRateLimit(cause) ? cause : undefined;
}
