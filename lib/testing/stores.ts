import type { MockCombineOrders } from './combine-orders.js';
import type { MockOrders } from './orders.js';

/** All that requests can see and change: one set of books for every API of a merchant. */
export interface Stores {
  readonly orders: MockOrders;
  readonly combineOrders: MockCombineOrders;
}
