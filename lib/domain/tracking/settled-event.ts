import { DEFAULT_MERCHANT } from '../../rules/default-merchant.js';
import { orderKey } from '../order-key.js';
import type { CloseOrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import type { TrackedOutcome } from './order-progress.js';
import type { TrackedOrder } from './tracked-order.js';

/** Members of an order that fit a job and contain nothing personal. */
export type SettledOrder = Pick<
  Order,
  'mchid' | 'subMchid' | 'outTradeNo' | 'transactionId' | 'tradeState' | 'successTime'
> & {
  /** Amount of the order; `total` in fen. */
  readonly amount?: { readonly total: number; readonly currency: string };
};

/** Known outcome of an order, as a settlement or a stored job has it. */
export interface SettledFacts {
  readonly outcome: TrackedOutcome;
  /** True if a refund of the order has begun. */
  readonly refunded?: boolean | undefined;
  /** The order as a verified reply showed it. */
  readonly order?: Order | SettledOrder | undefined;
}

/** Outcome of a tracked order. It has the same content each time it is delivered, and no personal data: query the order for more. */
export interface OrderSettledEvent {
  /** Key of the outcome, `orderKey/outcome`. An outcome may be delivered twice, but only under the same key. */
  readonly key: string;
  /** Key of the order, equal to `orderKey(merchant, resource)` of its notifications. Fulfil an order once for each `orderKey`. */
  readonly orderKey: string;
  /** The registered name of the merchant; `default` for the default one. */
  readonly merchant: string;
  readonly ref: CloseOrderRef;
  /**
   * - `paid`: fulfil or refund the order, never drop it
   * - `closed`: the order can no longer be paid
   * - `not-found`: WeChat Pay does not know the order, and it has expired
   * - `reverse-required`: an open 付款码 order; reverse it
   */
  readonly outcome: TrackedOutcome;
  /** True if a refund had begun when the outcome became known. */
  readonly refunded?: boolean;
  readonly order?: SettledOrder;
}

/**
 * Creates the event of a known outcome.
 *
 * @throws {WxPayInputError} if the order has no number
 */
export function settledEvent(
  { ref, merchant = DEFAULT_MERCHANT }: Pick<TrackedOrder, 'ref' | 'merchant'>,
  { outcome, refunded, order }: SettledFacts,
): OrderSettledEvent {
  const key = orderKey(merchant, ref);
  return {
    key: `${key}/${outcome}`,
    orderKey: key,
    merchant,
    ref,
    outcome,
    ...(refunded === true ? { refunded } : {}),
    ...(order === undefined ? {} : { order: settledOrder(order) }),
  };
}

/** Copies the members that an event may contain. */
function settledOrder(order: Order | SettledOrder): SettledOrder {
  const { mchid, subMchid, outTradeNo, transactionId, tradeState, successTime, amount } = order;
  return {
    mchid,
    ...(subMchid === undefined ? {} : { subMchid }),
    outTradeNo,
    ...(transactionId === undefined ? {} : { transactionId }),
    tradeState,
    ...(successTime === undefined ? {} : { successTime }),
    ...(amount === undefined ? {} : { amount: { total: amount.total, currency: amount.currency ?? 'CNY' } }),
  };
}
