import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import { isRuleLimit } from '../../errors/rate-limit.js';
import type { SettleOptions } from '../options.js';
import { closableAt } from '../order-age.js';
import { orderSubject, type CloseOrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import type { HostCallOptions, OrderApi } from '../ports/apis.js';
import type { CloseReply } from '../ports/close-reply.js';
import { attemptCall, isNotFound } from './attempt-call.js';
import { Budget } from './budget.js';
import { notClosed } from './close.js';
import { isPaidAtCounter } from '../trade-state.js';

/**
 * Outcome of a settlement.
 *
 * - `paid` before, between or during the calls: fulfil or refund it, never drop it; `refunded` if a refund has begun
 * - `closed` or reversed, as a query after the close says: it can no longer be paid
 * - `not-found` by the same answer of every host; `signed` if each of them carried a signature, which proves that WeChat Pay
 *   gave it, not that it is about this order
 * - `reverse-required` an open 付款码 order, by a verified query or by what WeChat Pay says twice when it is to be closed:
 *   reverse it, it cannot be closed
 * - `too-young` settle it at `retryAt`; without `order`, WeChat Pay does not know it yet: it may be being placed
 * - `unresolved` nothing was concluded: settle it again. `order` is what was last known, `cause` what went wrong
 */
export type Settlement =
  | { readonly outcome: 'paid'; readonly order: Order; readonly refunded: boolean }
  | { readonly outcome: 'closed'; readonly order: Order }
  | { readonly outcome: 'not-found'; readonly signed: boolean }
  | { readonly outcome: 'reverse-required'; readonly order: Order }
  | { readonly outcome: 'too-young'; readonly retryAt: Date; readonly order?: Order }
  | { readonly outcome: 'unresolved'; readonly order?: Order; readonly cause?: WxPayError };

/** Share of the remaining time that a close may take; the rest is for the query that tells its effect. */
const CLOSE_SHARE = 0.5;
/** Names of the steps in error messages. */
const FIRST_QUERY = 'settle, first query';
const CLOSE = 'settle, close';
const QUERY_AFTER_CLOSE = 'settle, query after the close';
const MAX_CLOSES = 3;
/**
 * Number of "cannot be closed" refusals that it takes to conclude `reverse-required`. One is not enough: the header is
 * unsigned, and the state may pass.
 */
const MIN_NOT_CLOSABLE = 2;
const PAUSE_MS = 1_000;
/** The number in a Request-ID that says: this order cannot be closed, reverse it. */
const NOT_CLOSABLE = '268449641';

/**
 * Finds out how an order ended, and ends it if it is open: query, decide, close, query again.
 *
 * Only verified queries tell how it ended; what a close answers decides nothing but whether it is repeated, and, said
 * twice of an order that is open still, that it has to be reversed.
 */
export async function settle(
  api: OrderApi,
  ref: CloseOrderRef,
  { createdAt, signal, timeoutMs = api.terms.timeoutMs }: SettleOptions,
  now: () => number,
): Promise<Settlement> {
  const budget = new Budget(timeoutMs, signal);
  // Before anything is asked: an answer of now says nothing about an order that is placed a moment later.
  const retryAt = closableAt(createdAt, api.terms.minOrderAgeMs, now());
  const { order, settlement } = await findOrder(api, ref, budget, retryAt);
  if (order === undefined) return settlement;
  const ended = outcomeOfState(order);
  if (ended !== undefined) return ended;
  return retryAt === undefined
    ? closeAndVerify(api, ref, budget, order)
    : { outcome: 'too-young', retryAt, order };
}

/** The order, or the end of the flow where there is none. */
type Found =
  | { readonly order: Order; readonly settlement?: never }
  | { readonly settlement: Settlement; readonly order?: never };

/** @param retryAt until then, an order that WeChat Pay does not know may be being placed */
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
  let answer = await query();
  if (!isNotFound(answer)) return found(answer);
  if (retryAt !== undefined) return { settlement: { outcome: 'too-young', retryAt } };
  // A refusal names no order, signed or not, and one site can lag behind: every host has to say it by itself.
  let { signed } = answer;
  for (const host of api.terms.hosts) {
    answer = await query({ host });
    if (!isNotFound(answer)) return found(answer);
    signed &&= answer.signed;
  }
  return { settlement: { outcome: 'not-found', signed } };
}

function found(answer: Order | WxPayError): Found {
  return answer instanceof WxPayError ? { settlement: unresolved(answer) } : { order: answer };
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
    // It was there before: an answer that it is not contradicts what is proven.
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

/** The failure of a close, if it failed; "already closed" is one if the order is not. */
function refusalOf(
  reply: CloseReply | WxPayError,
  ref: CloseOrderRef,
  { tradeState }: Order,
): WxPayError | undefined {
  if (reply instanceof WxPayError) return reply;
  return reply.outcome === 'closed' ? undefined : notClosed(reply.refusal, orderSubject(ref), tradeState);
}

/**
 * Reads the outcome from the state of an order; undefined if the order is open and can be closed.
 *
 * @param refusal how the close before it failed, if it did
 */
function outcomeOfState(order: Order, refusal?: WxPayError): Settlement | undefined {
  switch (order.tradeState) {
    case 'SUCCESS':
    case 'REFUND':
      return { outcome: 'paid', order, refunded: order.tradeState === 'REFUND' };
    case 'CLOSED':
    case 'REVOKED':
      return { outcome: 'closed', order };
    case 'USERPAYING':
    case 'PAYERROR':
      return { outcome: 'reverse-required', order };
    case 'NOTPAY':
      return isPaidAtCounter(order.tradeType) ? { outcome: 'reverse-required', order } : undefined;
    default:
      return unresolved(refusal, order);
  }
}

/** Tells if a refusal says that the order is of a kind that is reversed. APIv2 tells the kind of paid orders only. */
function isNotClosable(refusal: WxPayError | undefined): boolean {
  if (!(refusal instanceof WxPayApiError)) return false;
  return refusal.reasonCode === NOT_CLOSABLE || (refusal.signed && refusal.code === 'TRADE_STATE_ERROR');
}

/** Tells if closing again may have the effect that this close had not: it was lost, or the sites of WeChat Pay disagree for a moment. */
function isWorthRetrying(refusal: WxPayError | undefined): boolean {
  if (!(refusal instanceof WxPayApiError)) return refusal === undefined || refusal.retryable;
  return refusal.kind === 'order-state' || (refusal.retryable && !isRuleLimit(refusal));
}

/** The delay that WeChat Pay asks for, and a second at least. */
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
