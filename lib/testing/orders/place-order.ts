import { isDeepStrictEqual } from 'node:util';
import type { MockOrder } from './mock-order.js';
import type { MockOrders, PlacedOrder } from './orders.js';

/** Reason why an order cannot be placed: its number belongs to a paid or closed order, or to one with different content. */
export type PlaceRefusal = 'paid' | 'closed' | 'different';

/**
 * Places an order. Placing the same unpaid order again changes nothing.
 *
 * @returns undefined if it is placed
 */
export function placeOrder(orders: MockOrders, order: PlacedOrder): PlaceRefusal | undefined {
  const existing = orders.find(order);
  if (existing === undefined) {
    orders.create(order);
    return undefined;
  }
  const { tradeState } = existing;
  if (tradeState === 'SUCCESS' || tradeState === 'REFUND') return 'paid';
  if (tradeState !== 'NOTPAY') return 'closed';
  return hasSameParameters(existing, order) ? undefined : 'different';
}

/** Returns true if all parameters are those of the first request; for an order created by a test, amount and type. */
function hasSameParameters(existing: MockOrder, again: PlacedOrder): boolean {
  if (existing.tradeType !== again.tradeType) return false;
  return existing.placedWith === undefined
    ? existing.amount.total === again.amount.total
    : isDeepStrictEqual(existing.placedWith, again.placedWith);
}
