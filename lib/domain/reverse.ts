import { WxPayApiError } from '../errors/wxpay-api-error.js';
import { WxPayError } from '../errors/wxpay-error.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { Budget } from './budget.js';
import type { CallOptions } from './call-options.js';
import type { OrderRef } from './order-ref.js';
import type { Order } from './order.js';
import type { ReverseGateway } from './reverse.gateway.js';

/** When an order was placed and paid, where the app knows: WeChat Pay reverses neither too early nor too late. */
export interface ReverseOptions extends CallOptions {
  /** When the order was placed; reversing before 15 seconds have passed is `too-early`. */
  readonly createdAt?: Date;
  /** When it was paid; after 7 days it is `expired`. Default: what WeChat Pay says. */
  readonly paidAt?: Date;
}

/**
 * What a reversal did. Reversing a paid order refunds it, so it is never fire and forget.
 *
 * - `reversed` a verified query says so: it can no longer be paid; `refunded` tells whether WeChat Pay showed a payment,
 *   whose money went back
 * - `repeat` the time is up before WeChat Pay was content, or showed it reversed: reverse it again until it is `reversed`
 * - `too-early` reverse it at `retryAt`
 * - `expired` paid more than 7 days ago: refund it instead
 */
export type Reversal =
  | { readonly outcome: 'reversed'; readonly refunded: boolean }
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
/** The kinds of order that are paid by showing a code or a face, the only ones that can be reversed. */
const REVERSIBLE_TYPES: readonly (string | undefined)[] = ['MICROPAY', 'FACEPAY', undefined];

/**
 * Reverses a 付款码 order: queries it, reverses it, and repeats while WeChat Pay asks for it and the time allows.
 *
 * @see https://pay.weixin.qq.com/doc/v2/merchant/4011937361
 */
export async function reverse(
  gateway: ReverseGateway,
  ref: OrderRef,
  { createdAt, paidAt, signal, timeoutMs = gateway.timeoutMs }: ReverseOptions,
  now: () => number,
): Promise<Reversal> {
  const retryAt = createdAt && new Date(createdAt.getTime() + MIN_AGE_MS);
  if (retryAt !== undefined && retryAt.getTime() > now()) return { outcome: 'too-early', retryAt };
  const budget = new Budget(timeoutMs, signal);
  const before = await find(gateway, ref, budget);
  if (before?.tradeState === 'REVOKED') return { outcome: 'reversed', refunded: wasPaid(before) };
  const tradeType = before?.tradeType;
  if (!REVERSIBLE_TYPES.includes(tradeType)) throw notReversible(tradeType);
  const settledAt = paidAt ?? before?.successTime;
  if (settledAt !== undefined && settledAt.getTime() + MAX_PAID_AGE_MS < now()) return { outcome: 'expired' };
  return repeatUntilReversed(gateway, ref, budget, before);
}

async function repeatUntilReversed(
  gateway: ReverseGateway,
  ref: OrderRef,
  budget: Budget,
  before?: Order,
): Promise<Reversal> {
  for (;;) {
    const attempt = await tryOnce(gateway, ref, budget);
    if (attempt === 'expired') return { outcome: 'expired' };
    // Only a verified look ends it: the answer to a reversal does not even name the order over APIv2.
    const order = attempt === 'again' ? undefined : await find(gateway, ref, budget).catch(onlyWxPayErrors);
    // A refund may be an earlier one, of a part: it is the end if WeChat Pay says that it has reversed the order.
    const ended = attempt === 'done' ? [...ENDED, 'REFUND'] : ENDED;
    if (order !== undefined && ended.includes(order.tradeState)) {
      // The order may have been paid after the first look: the second tells.
      return { outcome: 'reversed', refunded: wasPaid(before) || wasPaid(order) };
    }
    if (!(await budget.pause(PAUSE_MS))) {
      if (attempt instanceof WxPayError) throw attempt;
      return { outcome: 'repeat' };
    }
  }
}

/** One reversal: done, to be asked again, too late, or a failure after which nobody knows until a query tells. */
async function tryOnce(
  gateway: ReverseGateway,
  ref: OrderRef,
  budget: Budget,
): Promise<'done' | 'again' | 'expired' | WxPayError> {
  try {
    return (await gateway.reverse(ref, budget.share(REVERSE_SHARE))).recall ? 'again' : 'done';
  } catch (error) {
    if (error instanceof WxPayApiError && error.code === 'REVERSE_EXPIRE' && error.signed) return 'expired';
    if (error instanceof WxPayError && (error.retryable || error.outcomeUnknown === true)) return error;
    throw error;
  }
}

/** The order, or undefined if WeChat Pay does not know it: after a payment call that failed, nobody can say what it did. */
async function find(gateway: ReverseGateway, ref: OrderRef, budget: Budget): Promise<Order | undefined> {
  try {
    return await gateway.query(ref, budget.callOptions);
  } catch (error) {
    if (error instanceof WxPayApiError && error.kind === 'order-not-found') return undefined;
    throw error;
  }
}

/** A look that failed is made again; only the caller's own abort and defects pass. */
function onlyWxPayErrors(error: unknown): undefined {
  if (!(error instanceof WxPayError)) throw error;
  return undefined;
}

function wasPaid(order: Order | undefined): boolean {
  return order?.transactionId !== undefined || order?.successTime !== undefined;
}

function notReversible(tradeType: string | undefined): WxPayInputError {
  return new WxPayInputError(
    'ref',
    `names an order of type ${tradeType}; only 付款码 orders can be reversed. Close it if it is unpaid, refund it if it is paid.`,
  );
}
