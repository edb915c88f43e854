import { isNotFound } from '../../errors/is-not-found.js';
import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import type { ReverseOptions } from '../options.js';
import type { OrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import type { ReverseApi } from '../ports/apis.js';
import { attemptCall } from './attempt-call.js';
import { Budget } from './budget.js';
import { isPaidAtCounter, type TradeType } from '../trade-state.js';

/**
 * Outcome of a reversal. Reversing a paid order refunds it: always evaluate the outcome.
 *
 * - `reversed`: a verified query shows that the order can no longer be paid. `refunded` is true if a query showed a payment,
 *   which is returned to the customer, and false if the last query showed the order closed. Otherwise it is absent, because
 *   the customer may have paid right before the reversal
 * - `repeat`: the timeout ended before a query showed the order reversed. Reverse it again until the outcome is `reversed`.
 *   Over APIv2, the outcome stays `repeat` for an order with an earlier refund, as long as WeChat Pay shows that refund: check
 *   the refunds of the order
 * - `too-early`: reverse the order at `retryAt`
 * - `expired`: the order was paid more than 7 days ago, or it is paid and WeChat Pay replies that it is too late. Refund it
 *   instead
 */
export type Reversal =
  | { readonly outcome: 'reversed'; readonly refunded?: boolean }
  | { readonly outcome: 'repeat' }
  | { readonly outcome: 'too-early'; readonly retryAt: Date }
  | { readonly outcome: 'expired' };

const MIN_AGE_MS = 15_000;
const MAX_PAID_AGE_MS = 7 * 24 * 60 * 60 * 1000;
const PAUSE_MS = 1_000;
/** Share of the remaining time for a reversal, which goes to one host only; the rest is for another host after a timeout. */
const REVERSE_SHARE = 0.5;
/** States of an order that can no longer be paid and for which the merchant holds no money. */
const ENDED: readonly string[] = ['REVOKED', 'CLOSED'];
/** States of an order that is paid, refunded or not. */
const PAID: readonly string[] = ['SUCCESS', 'REFUND'];

/**
 * Reverses a 付款码 order: queries it, reverses it, and repeats both while WeChat Pay asks for it and the time allows it.
 *
 * @see https://pay.weixin.qq.com/doc/v2/merchant/4011937361
 */
export async function reverse(
  api: ReverseApi,
  ref: OrderRef,
  { createdAt, paidAt, tradeType: assumedType, signal, timeoutMs = api.terms.timeoutMs }: ReverseOptions,
  now: () => number,
): Promise<Reversal> {
  const retryAt = createdAt && new Date(createdAt.getTime() + MIN_AGE_MS);
  if (retryAt !== undefined && retryAt.getTime() > now()) return { outcome: 'too-early', retryAt };
  const budget = new Budget(timeoutMs, signal);
  const before = await queryOrNotFound(api, ref, budget);
  if (before?.tradeState === 'REVOKED') return reversalOf([before]);
  const tradeType = before?.tradeType;
  if (tradeType !== undefined && !isPaidAtCounter(tradeType)) throw notReversible(tradeType);
  const settledAt = paidAt ?? before?.successTime;
  if (settledAt !== undefined && settledAt.getTime() + MAX_PAID_AGE_MS < now()) return { outcome: 'expired' };
  return repeatUntilReversed(api, ref, { budget, seen: before === undefined ? [] : [before], assumedType });
}

/** Progress of a reversal. */
export interface ReversalProgress {
  readonly budget: Budget;
  /** Orders that verified queries showed, the latest last. */
  readonly seen: Order[];
  /** Type to assume for an order if WeChat Pay reports no type. */
  readonly assumedType?: TradeType | undefined;
}

/**
 * Reverses an order, and repeats that until a query shows it reversed. Adds what the queries show to `seen`.
 *
 * @throws {WxPayError} if WeChat Pay refuses the reversal, or if no usable reply arrived in time
 */
export async function repeatUntilReversed(
  api: ReverseApi,
  ref: OrderRef,
  { budget, seen, assumedType }: ReversalProgress,
): Promise<Reversal> {
  const before = seen.at(-1);
  for (;;) {
    const known = seen.findLast((order) => order.tradeType !== undefined);
    const attempt = await reverseOnce(api, ref, budget, known?.tradeType ?? assumedType);
    // Only a verified query ends the flow: neither a reply to a reversal over APIv2 nor a refusal names the order.
    const order = attempt === 'again' ? undefined : await queryAfterReversal(api, ref, budget);
    if (order !== undefined) {
      seen.push(order);
      if (isEnd(order, attempt, before)) return reversalOf(seen);
      if (isExpired(attempt) && PAID.includes(order.tradeState)) return { outcome: 'expired' };
    }
    if (attempt instanceof WxPayError && !isWorthRetrying(attempt, order)) throw attempt;
    if (!(await budget.pause(PAUSE_MS))) {
      if (attempt instanceof WxPayError && !asksAgain(attempt)) throw attempt;
      return { outcome: 'repeat' };
    }
  }
}

/**
 * Result of one reversal. `done`: WeChat Pay confirms a reversal. `proven`: it confirms one, and the reply names the order.
 * `again`: it asks for another reversal.
 */
type Attempt = 'proven' | 'done' | 'again' | WxPayError;

/**
 * Sends one reversal.
 *
 * @returns an error after which only a query can show the state of the order
 * @throws {WxPayError} any other failure
 */
async function reverseOnce(
  api: ReverseApi,
  ref: OrderRef,
  budget: Budget,
  tradeType: TradeType | undefined,
): Promise<Attempt> {
  const reply = await attemptCall(budget.signal, () =>
    api.reverse(ref, { ...budget.share(REVERSE_SHARE), tradeType }),
  );
  if (!(reply instanceof WxPayError)) {
    if (reply.recall) return 'again';
    return reply.namesOrder ? 'proven' : 'done';
  }
  if (allowsAnother(reply) || isOrderState(reply)) return reply;
  throw reply;
}

function isEnd({ tradeState }: Order, attempt: Attempt, before: Order | undefined): boolean {
  if (ENDED.includes(tradeState)) return true;
  if (tradeState !== 'REFUND') return false;
  // The refund may be an earlier, partial one, so the reversal is complete only if WeChat Pay confirms it. A confirmation
  // that names no order may belong to another order, or be a replayed one: the refund then has to be new.
  if (attempt === 'proven') return true;
  const isNew = before !== undefined && before.tradeState !== 'REFUND';
  return isNew && (attempt === 'done' || isReversed(attempt));
}

/** Tells whether another reversal, or another query, may succeed after a refusal. */
function isWorthRetrying(refusal: WxPayError, order: Order | undefined): boolean {
  // One host of WeChat Pay may know of a reversal before another host shows it.
  return allowsAnother(refusal) || isReversed(refusal) || (isExpired(refusal) && order === undefined);
}

/** Tells whether a failure allows another reversal. Reversals are idempotent, so an unknown outcome allows one, too. */
function allowsAnother({ retryable, outcomeUnknown }: WxPayError): boolean {
  return retryable || outcomeUnknown === true;
}

/** Tells whether a refusal asks for another reversal: with `recall` Y, like a success with it. */
function asksAgain(refusal: WxPayError): boolean {
  return refusal instanceof WxPayApiError && refusal.asksAgain === true;
}

function isOrderState(error: WxPayError): error is WxPayApiError {
  return error instanceof WxPayApiError && error.kind === 'order-state';
}

function isReversed(attempt: Attempt): boolean {
  return attempt instanceof WxPayApiError && attempt.code === 'ORDERREVERSED';
}

function isExpired(attempt: Attempt): boolean {
  return attempt instanceof WxPayApiError && attempt.code === 'REVERSE_EXPIRE';
}

/**
 * Queries the order before the first reversal.
 *
 * @returns undefined if WeChat Pay does not know the order. The flow still reverses it: a payment call that failed may have
 *   created it
 */
async function queryOrNotFound(api: ReverseApi, ref: OrderRef, budget: Budget): Promise<Order | undefined> {
  const result = await attemptCall(budget.signal, () => api.query(ref, budget.callOptions));
  if (!(result instanceof WxPayError)) return result;
  if (isNotFound(result)) return undefined;
  throw result;
}

/** Queries the order after a reversal. Returns undefined if the query fails: the next reversal is followed by another query. */
async function queryAfterReversal(
  api: ReverseApi,
  ref: OrderRef,
  budget: Budget,
): Promise<Order | undefined> {
  const result = await attemptCall(budget.signal, () => api.query(ref, budget.callOptions));
  return result instanceof WxPayError ? undefined : result;
}

/**
 * Returns the outcome for an order that is reversed or closed.
 *
 * @param seen replies of verified queries, the latest last; APIv2 does not report whether a reversed order was paid
 */
export function reversalOf(seen: readonly Order[]): Extract<Reversal, { readonly outcome: 'reversed' }> {
  if (seen.some(wasPaid)) return { outcome: 'reversed', refunded: true };
  // An unpaid state before the reversal proves nothing: the customer may have paid between that query and the reversal.
  const isUnpaid = seen.at(-1)?.tradeState === 'CLOSED';
  return { outcome: 'reversed', ...(isUnpaid ? { refunded: false } : {}) };
}

function wasPaid({ tradeState, transactionId, successTime }: Order): boolean {
  return PAID.includes(tradeState) || transactionId !== undefined || successTime !== undefined;
}

function notReversible(tradeType: string | undefined): WxPayInputError {
  return new WxPayInputError(
    'ref',
    `names an order of type ${tradeType}; only 付款码 and 刷脸 orders can be reversed. Close it if it is unpaid, refund it if it is paid.`,
  );
}
