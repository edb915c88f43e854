import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import type { ReverseOptions } from '../options.js';
import type { OrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import type { ReverseApi } from '../ports/apis.js';
import { attemptCall, isNotFound } from './attempt-call.js';
import { Budget } from './budget.js';
import { isPaidAtCounter, type TradeType } from '../trade-state.js';

/**
 * Outcome of a reversal. Reversing a paid order refunds it, so it is never fire and forget.
 *
 * - `reversed` a verified query says so: it can no longer be paid. `refunded`: true if a query showed a payment, whose money
 *   goes back; false if one showed the order closed; absent otherwise, as it may have been paid right before it was reversed
 * - `repeat` the time is up before WeChat Pay was content, or showed it reversed: reverse it again until it is `reversed`. Over
 *   APIv2 an order that had a refund before stays so as long as WeChat Pay shows that refund: look at its refunds
 * - `too-early` reverse it at `retryAt`
 * - `expired` paid more than 7 days ago, or paid, and WeChat Pay says that it is too late: refund it instead
 */
export type Reversal =
  | { readonly outcome: 'reversed'; readonly refunded?: boolean }
  | { readonly outcome: 'repeat' }
  | { readonly outcome: 'too-early'; readonly retryAt: Date }
  | { readonly outcome: 'expired' };

const MIN_AGE_MS = 15_000;
const MAX_PAID_AGE_MS = 7 * 24 * 60 * 60 * 1000;
const PAUSE_MS = 1_000;
/** Of the time that is left: it is sent to one host only, and one that says nothing leaves time for the other. */
const REVERSE_SHARE = 0.5;
/** The states of an order that can no longer be paid and holds no money of the customer. */
const ENDED: readonly string[] = ['REVOKED', 'CLOSED'];
/** The states of an order that holds, or held, money of the customer. */
const PAID: readonly string[] = ['SUCCESS', 'REFUND'];

/**
 * Reverses a 付款码 order: queries it, reverses it, and repeats while WeChat Pay asks for it and the time allows.
 *
 * @see https://pay.weixin.qq.com/doc/v2/merchant/4011937361
 */
export async function reverse(
  api: ReverseApi,
  ref: OrderRef,
  { createdAt, paidAt, signal, timeoutMs = api.terms.timeoutMs }: ReverseOptions,
  now: () => number,
): Promise<Reversal> {
  const retryAt = createdAt && new Date(createdAt.getTime() + MIN_AGE_MS);
  if (retryAt !== undefined && retryAt.getTime() > now()) return { outcome: 'too-early', retryAt };
  const budget = new Budget(timeoutMs, signal);
  const before = await queryOrNotFound(api, ref, budget);
  if (before?.tradeState === 'REVOKED') return reversed([before]);
  const tradeType = before?.tradeType;
  if (tradeType !== undefined && !isPaidAtCounter(tradeType)) throw notReversible(tradeType);
  const settledAt = paidAt ?? before?.successTime;
  if (settledAt !== undefined && settledAt.getTime() + MAX_PAID_AGE_MS < now()) return { outcome: 'expired' };
  return repeatUntilReversed(api, ref, budget, before);
}

async function repeatUntilReversed(
  api: ReverseApi,
  ref: OrderRef,
  budget: Budget,
  before?: Order,
): Promise<Reversal> {
  const seen = before === undefined ? [] : [before];
  for (;;) {
    const tradeType = seen.findLast((order) => order.tradeType !== undefined)?.tradeType;
    const attempt = await tryOnce(api, ref, budget, tradeType);
    // Only a verified look ends it: neither an answer to a reversal over APIv2 nor a refusal names the order.
    const order = attempt === 'again' ? undefined : await lookAgain(api, ref, budget);
    if (order !== undefined) {
      seen.push(order);
      if (isEnd(order, attempt, before)) return reversed(seen);
      if (isExpired(attempt) && PAID.includes(order.tradeState)) return { outcome: 'expired' };
    }
    if (attempt instanceof WxPayError && !isWorthRetrying(attempt, order)) throw attempt;
    if (!(await budget.pause(PAUSE_MS))) {
      if (attempt instanceof WxPayError && !asksAgain(attempt)) throw attempt;
      return { outcome: 'repeat' };
    }
  }
}

/** `proven` is a `done` that is bound to the order. */
type Attempt = 'proven' | 'done' | 'again' | WxPayError;

/** One reversal: done, to be asked again, or a failure after which a query has to tell what is true. */
async function tryOnce(
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
  if (isPassing(reply) || isAboutState(reply)) return reply;
  throw reply;
}

function isEnd({ tradeState }: Order, attempt: Attempt, before: Order | undefined): boolean {
  if (ENDED.includes(tradeState)) return true;
  if (tradeState !== 'REFUND') return false;
  // A refund may be an earlier one, of a part: it is the end if WeChat Pay says that it has reversed the order. Where what
  // says so names no order, it may be about another one, or old: the refund has to be a new one then.
  if (attempt === 'proven') return true;
  const isNew = before !== undefined && before.tradeState !== 'REFUND';
  return isNew && (attempt === 'done' || isReversed(attempt));
}

/** Tells if another reversal, or another look, may do better after a refusal. */
function isWorthRetrying(refusal: WxPayError, order: Order | undefined): boolean {
  // One site of WeChat Pay may know of a reversal before another one shows it.
  return isPassing(refusal) || isReversed(refusal) || (isExpired(refusal) && order === undefined);
}

/** Reversing twice does no more than reversing once, so a lost answer is no reason to stop. */
function isPassing({ retryable, outcomeUnknown }: WxPayError): boolean {
  return retryable || outcomeUnknown === true;
}

/** A refusal with `recall` Y says the same as an answer with it. */
function asksAgain(refusal: WxPayError): boolean {
  return refusal instanceof WxPayApiError && refusal.asksAgain === true;
}

function isAboutState(error: WxPayError): error is WxPayApiError {
  return error instanceof WxPayApiError && error.kind === 'order-state';
}

function isReversed(attempt: Attempt): boolean {
  return attempt instanceof WxPayApiError && attempt.code === 'ORDERREVERSED';
}

function isExpired(attempt: Attempt): boolean {
  return attempt instanceof WxPayApiError && attempt.code === 'REVERSE_EXPIRE';
}

/** The order, or undefined if WeChat Pay does not know it: a payment call that failed may have had any effect. */
async function queryOrNotFound(api: ReverseApi, ref: OrderRef, budget: Budget): Promise<Order | undefined> {
  const answer = await attemptCall(budget.signal, () => api.query(ref, budget.callOptions));
  if (!(answer instanceof WxPayError)) return answer;
  if (isNotFound(answer)) return undefined;
  throw answer;
}

/** The order after a reversal, or undefined if the query failed: it is made again after the next reversal. */
async function lookAgain(api: ReverseApi, ref: OrderRef, budget: Budget): Promise<Order | undefined> {
  const answer = await attemptCall(budget.signal, () => api.query(ref, budget.callOptions));
  return answer instanceof WxPayError ? undefined : answer;
}

/** @param seen what verified queries showed, the end last; APIv2 does not tell whether a reversed order was paid */
function reversed(seen: readonly Order[]): Reversal {
  if (seen.some(wasPaid)) return { outcome: 'reversed', refunded: true };
  // Unpaid right before proves nothing: the customer may have paid between that look and the reversal.
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
