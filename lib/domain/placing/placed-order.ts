import type { CloseOrderRef } from '../order-ref.js';

/**
 * A placed order, as `settle` and `watch` take it: `settle(placed.ref, { createdAt: placed.createdAt })`. A plain value: store it
 * with your order.
 */
export interface PlacedOrder<Ref = CloseOrderRef> {
  readonly ref: Ref;
  /** Time at which the call that placed the order began. A repeated call has a later one: keep the first. */
  readonly createdAt: Date;
  /**
   * Last moment at which the order can be paid: `expiresAt` of the request, or seven days after `createdAt`. The order stays open
   * after it; settle it then.
   */
  readonly expiresAt: Date;
}
