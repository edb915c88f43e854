import { isNotFound } from '../../errors/is-not-found.js';
import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import { isRuleLimit } from '../../errors/rate-limit.js';
import type { SettleOptions } from '../options.js';
import { closableAt } from '../order-age.js';
import { orderSubject, type CloseOrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import type { HostCallOptions, OrderApi } from '../ports/apis.js';
import type { CloseReply } from '../ports/close-reply.js';
import { attemptCall } from './attempt-call.js';
import { Budget } from './budget.js';
import { notClosed } from './close.js';
import { publishSettlement } from './publish-settlement.js';
import { isPaidAtCounter } from '../trade-state.js';

/**
 * Outcome of a settlement.
 *
 * - `paid`: the order was paid before, between or during the calls. Fulfil or refund it, never drop it. `refunded` is true if a
 *   refund has begun
 * - `closed`: a verified query shows the order closed or reversed. It can no longer be paid
 * - `not-found`: every host replied that the order does not exist. `signed` is true if each reply was signed, which proves that
 *   WeChat Pay sent it, not that it refers to this order
 * - `reverse-required`: an open 付款码 order, which cannot be closed, as a verified query shows or as WeChat Pay replies to two
 *   closes. Reverse it
 * - `too-young`: settle the order at `retryAt`. Without `order`, WeChat Pay does not know the order yet; its placing may still
 *   be under way
 * - `unresolved`: the final state is unknown. Settle the order again. `order` is its last known state, `cause` the failure
 */
export type Settlement =
  | { readonly outcome: 'paid'; readonly order: Order; readonly refunded: boolean }
  | { readonly outcome: 'closed'; readonly order: Order }
  | { readonly outcome: 'not-found'; readonly signed: boolean }
  | { readonly outcome: 'reverse-required'; readonly order: Order }
  | { readonly outcome: 'too-young'; readonly retryAt: Date; readonly order?: Order }
  | { readonly outcome: 'unresolved'; readonly order?: Order; readonly cause?: WxPayError };

/** Share of the remaining time that a close may take; the rest is for the query that shows its effect. */
const CLOSE_SHARE = 0.5;
/** Names of the steps in error messages. */
const FIRST_QUERY = 'settle, first query';
const CLOSE = 'settle, close';
const QUERY_AFTER_CLOSE = 'settle, query after the close';
const MAX_CLOSES = 3;
/**
 * Number of "cannot be closed" refusals that lead to `reverse-required`. One is not enough: the Request-ID header is unsigned,
 * and the state may be temporary.
 */
const MIN_NOT_CLOSABLE = 2;
const PAUSE_MS = 1_000;
/** Number in a Request-ID that means: this order cannot be closed, reverse it. */
const NOT_CLOSABLE = '268449641';

/**
 * Brings an order to a final state: queries it, closes it if it is open, and queries it again.
 *
 * Only verified queries determine the final state. The reply to a close decides only whether the close is repeated and, if
 * two replies say that a still open order cannot be closed, that it has to be reversed.
 */
export async function settle(
  api: OrderApi,
  ref: CloseOrderRef,
  options: SettleOptions,
  now: () => number,
): Promise<Settlement> {
  const settlement = await settleOrder(api, ref, options, now);
  const { outcome } = settlement;
  publishSettlement({ merchant: api.terms.merchant, ref, outcome, expiresAt: options.expiresAt }, now);
  return settlement;
}

async function settleOrder(
  api: OrderApi,
  ref: CloseOrderRef,
  { createdAt, signal, timeoutMs = api.terms.timeoutMs }: SettleOptions,
  now: () => number,
): Promise<Settlement> {
  const budget = new Budget(timeoutMs, signal);
  // Computed before the first request: a reply made now proves nothing about an order that is placed a moment later.
  const retryAt = closableAt(createdAt, api.terms.minOrderAgeMs, now());
  const { order, settlement } = await findOrder(api, ref, budget, retryAt);
  if (order === undefined) return settlement;
  const ended = outcomeOfState(order);
  if (ended !== undefined) return ended;
  return retryAt === undefined
    ? closeAndVerify(api, ref, budget, order)
    : { outcome: 'too-young', retryAt, order };
}

/** The order, or the outcome of the flow if there is none. */
type Found =
  | { readonly order: Order; readonly settlement?: never }
  | { readonly settlement: Settlement; readonly order?: never };

/** @param retryAt time until which the placing of an unknown order may still be under way */
async function findOrder(
  api: OrderApi,
  ref: CloseOrderRef,
  budget: Budget,
  retryAt: Date | undefined,
): Promise<Found> {
  const query = (options?: HostCallOptions): Promise<Order | WxPayError> =>
    attemptCall(budget.signal, () =>
      api.query(ref, { ...budget.callOptions, ...options, step: FIRST_QUERY }),
    );
  let result = await query();
  if (!isNotFound(result)) return found(result);
  if (retryAt !== undefined) return { settlement: { outcome: 'too-young', retryAt } };
  // No refusal names the order, signed or not, and one host can lag behind: each host has to confirm it.
  let { signed } = result;
  for (const host of api.terms.hosts) {
    result = await query({ host });
    if (!isNotFound(result)) return found(result);
    signed &&= result.signed;
  }
  return { settlement: { outcome: 'not-found', signed } };
}

function found(result: Order | WxPayError): Found {
  return result instanceof WxPayError ? { settlement: unresolved(result) } : { order: result };
}

async function closeAndVerify(
  api: OrderApi,
  ref: CloseOrderRef,
  budget: Budget,
  before: Order,
): Promise<Settlement> {
  let notClosable = 0;
  for (let closes = 1; ; closes++) {
    const reply = await attemptCall(budget.signal, () =>
      api.close(ref, { ...budget.share(CLOSE_SHARE), step: CLOSE }),
    );
    const after = await attemptCall(budget.signal, () =>
      api.query(ref, { ...budget.callOptions, step: QUERY_AFTER_CLOSE }),
    );
    // Also for "not found": the first query has proven that the order exists.
    if (after instanceof WxPayError) return unresolved(after, before);
    const refusal = refusalOf(reply, ref, after);
    const ended = outcomeOfState(after, refusal);
    if (ended !== undefined) return ended;
    if (isNotClosable(refusal) && ++notClosable === MIN_NOT_CLOSABLE) {
      return { outcome: 'reverse-required', order: after };
    }
    const again = closes < MAX_CLOSES && isWorthRetrying(refusal) && (await budget.pause(pauseMs(refusal)));
    if (!again) return unresolved(refusal, after);
  }
}

/** Returns the failure of a close, if it failed. A reply "already closed" is a failure if the query shows another state. */
function refusalOf(
  reply: CloseReply | WxPayError,
  ref: CloseOrderRef,
  { tradeState }: Order,
): WxPayError | undefined {
  if (reply instanceof WxPayError) return reply;
  return reply.outcome === 'closed' ? undefined : notClosed(reply.refusal, orderSubject(ref), tradeState);
}

/**
 * Derives the outcome from the state of an order.
 *
 * @param refusal failure of the preceding close, if any
 * @returns undefined if the order is open and can be closed
 */
function outcomeOfState(order: Order, refusal?: WxPayError): Settlement | undefined {
  const final = finalSettlement(order);
  if (final !== undefined) return final;
  switch (order.tradeState) {
    case 'USERPAYING':
    case 'PAYERROR':
      return { outcome: 'reverse-required', order };
    case 'NOTPAY':
      return isPaidAtCounter(order.tradeType) ? { outcome: 'reverse-required', order } : undefined;
    default:
      return unresolved(refusal, order);
  }
}

/** Returns the settlement that the state of an order proves; undefined if the state is not final. */
export function finalSettlement(
  order: Order,
): Extract<Settlement, { readonly outcome: 'paid' | 'closed' }> | undefined {
  switch (order.tradeState) {
    case 'SUCCESS':
    case 'REFUND':
      return { outcome: 'paid', order, refunded: order.tradeState === 'REFUND' };
    case 'CLOSED':
    case 'REVOKED':
      return { outcome: 'closed', order };
    default:
      return undefined;
  }
}

/** Tells whether a refusal means that the order has to be reversed. APIv2 queries report the type of paid orders only. */
function isNotClosable(refusal: WxPayError | undefined): boolean {
  if (!(refusal instanceof WxPayApiError)) return false;
  return refusal.reasonCode === NOT_CLOSABLE || (refusal.signed && refusal.code === 'TRADE_STATE_ERROR');
}

/** Tells whether another close may succeed: this one was lost, or the hosts of WeChat Pay temporarily differ. */
function isWorthRetrying(refusal: WxPayError | undefined): boolean {
  if (!(refusal instanceof WxPayApiError)) return refusal === undefined || refusal.retryable;
  return refusal.kind === 'order-state' || (refusal.retryable && !isRuleLimit(refusal));
}

/** Returns the delay that WeChat Pay requested in milliseconds, at least one second. */
function pauseMs(refusal: WxPayError | undefined): number {
  const askedMs = refusal instanceof WxPayApiError ? refusal.retryAfterMs : undefined;
  return Math.max(PAUSE_MS, askedMs ?? 0);
}

function unresolved(cause?: WxPayError, order?: Order): Settlement {
  return {
    outcome: 'unresolved',
    ...(order === undefined ? {} : { order }),
    ...(cause === undefined ? {} : { cause }),
  };
}
