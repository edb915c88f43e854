import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import { Budget } from './budget.js';
import type { SettleOptions } from '../options.js';
import { closableAt } from '../order-age.js';
import type { CloseOrderRef } from '../order-ref.js';
import type { OrderApi } from '../ports/apis.js';
import type { Order } from '../order.js';

/**
 * How an order ended.
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

/** Of the time that is left; the other half is for the query that tells what the close did. */
const CLOSE_SHARE = 0.5;
/** How errors name the steps. */
const LOOKING = 'settle, first query';
const CLOSING = 'settle, close';
const LOOKING_AGAIN = 'settle, query after the close';
const MAX_CLOSES = 3;
/** How often a close has to be refused for the kind of the order: a header is not signed, and a state may pass. */
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
  const order = await find(api, ref, budget, retryAt);
  if ('outcome' in order) return order;
  const ended = conclude(order);
  if (ended !== undefined) return ended;
  return retryAt === undefined
    ? closeAndLook(api, ref, budget, order)
    : { outcome: 'too-young', retryAt, order };
}

/** The order, or why there is none: until `retryAt` it may be being placed. */
async function find(
  api: OrderApi,
  ref: CloseOrderRef,
  budget: Budget,
  retryAt: Date | undefined,
): Promise<Order | Settlement> {
  let answer = await outcomeOf(budget, api.query(ref, { ...budget.callOptions, step: LOOKING }));
  if (!isNotFound(answer)) return answer instanceof WxPayError ? unresolved(answer) : answer;
  if (retryAt !== undefined) return { outcome: 'too-young', retryAt };
  // A refusal names no order, signed or not, and one site can lag behind: every host has to say it by itself.
  let { signed } = answer;
  for (const host of api.terms.hosts) {
    answer = await outcomeOf(budget, api.query(ref, { ...budget.callOptions, host, step: LOOKING }));
    if (!isNotFound(answer)) return answer instanceof WxPayError ? unresolved(answer) : answer;
    signed &&= answer.signed;
  }
  return { outcome: 'not-found', signed };
}

async function closeAndLook(
  api: OrderApi,
  ref: CloseOrderRef,
  budget: Budget,
  before: Order,
): Promise<Settlement> {
  let notClosable = 0;
  for (let closes = 1; ; closes++) {
    const closing = await outcomeOf(budget, api.close(ref, { ...budget.share(CLOSE_SHARE), step: CLOSING }));
    const refusal = closing instanceof WxPayError ? closing : undefined;
    const after = await outcomeOf(budget, api.query(ref, { ...budget.callOptions, step: LOOKING_AGAIN }));
    // It was there before: an answer that it is not contradicts what is proven.
    if (after instanceof WxPayError) return unresolved(after, before);
    const ended = conclude(after, refusal);
    if (ended !== undefined) return ended;
    if (isNotClosable(refusal) && ++notClosable === MIN_NOT_CLOSABLE) {
      return { outcome: 'reverse-required', order: after };
    }
    const again = closes < MAX_CLOSES && mayPass(refusal) && (await budget.pause(pauseMs(refusal)));
    if (!again) return unresolved(refusal, after);
  }
}

/**
 * What the state of an order says, or undefined if the order is open and can be closed.
 *
 * @param refusal how the close before it failed, if it did
 */
function conclude(order: Order, refusal?: WxPayError): Settlement | undefined {
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
      return order.tradeType === 'MICROPAY' ? { outcome: 'reverse-required', order } : undefined;
    default:
      return unresolved(refusal, order);
  }
}

/** Whether a refusal says that the order is of a kind that is reversed. APIv2 tells the kind of paid orders only. */
function isNotClosable(refusal: WxPayError | undefined): boolean {
  if (!(refusal instanceof WxPayApiError)) return false;
  return refusal.reasonCode === NOT_CLOSABLE || (refusal.signed && refusal.code === 'TRADE_STATE_ERROR');
}

/** Whether closing again may do what this close did not: it was lost, or the sites of WeChat Pay disagree for a moment. */
function mayPass(refusal: WxPayError | undefined): boolean {
  if (!(refusal instanceof WxPayApiError)) return refusal === undefined || refusal.retryable;
  // RULE_LIMIT restricts the merchant or the order, not the moment.
  return refusal.kind === 'order-state' || (refusal.retryable && refusal.code !== 'RULE_LIMIT');
}

/** As long as WeChat Pay asks, and a second at least. */
function pauseMs(refusal: WxPayError | undefined): number {
  const askedMs = refusal instanceof WxPayApiError ? refusal.retryAfterMs : undefined;
  return Math.max(PAUSE_MS, askedMs ?? 0);
}

/** What a call answers or how it fails; the caller's own abort and defects pass. */
async function outcomeOf<T>(budget: Budget, call: Promise<T>): Promise<T | WxPayError> {
  try {
    return await call;
  } catch (error) {
    budget.throwIfAborted();
    if (error instanceof WxPayError) return error;
    throw error;
  }
}

function isNotFound(answer: unknown): answer is WxPayApiError {
  return answer instanceof WxPayApiError && answer.kind === 'order-not-found';
}

function unresolved(cause?: WxPayError, order?: Order): Settlement {
  return {
    outcome: 'unresolved',
    ...(order === undefined ? {} : { order }),
    ...(cause === undefined ? {} : { cause }),
  };
}
