import { AgeRules } from './age-rules.js';
import { MockCombineOrders } from './combine-orders.js';
import { MockOrders, type StoreOptions } from './orders.js';
import { TransactionNumbers } from './transaction-numbers.js';

/** All that requests can see and change: one set of books for every API of a merchant. */
export interface Stores {
  readonly orders: MockOrders;
  readonly combineOrders: MockCombineOrders;
  readonly ages: AgeRules;
}

/** Empty books. */
export function createStores({
  mchid,
  appid,
  now,
  ageRules,
}: StoreOptions & { readonly ageRules: boolean }): Stores {
  const owner = { mchid, appid, now, transactions: new TransactionNumbers() };
  return {
    orders: new MockOrders(owner),
    combineOrders: new MockCombineOrders(owner),
    ages: new AgeRules({ ageRules, now }),
  };
}
