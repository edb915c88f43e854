import { AgeRules } from './age-rules.js';
import { MockCustomer } from './customer.js';
import { MockCombineOrders } from './combine-orders.js';
import { MockOrders, type StoreOptions } from './orders.js';
import { MockBills } from '../bills/bills.js';
import { RefundableOrders } from '../refunds/refundable-orders.js';
import { MockRefunds } from '../refunds/refunds.js';
import { Tickets } from './tickets.js';
import { TransactionNumbers } from './transaction-numbers.js';

/** State of a merchant, shared by all of its APIs. */
export interface Stores {
  readonly orders: MockOrders;
  readonly combineOrders: MockCombineOrders;
  readonly refunds: MockRefunds;
  readonly bills: MockBills;
  readonly ages: AgeRules;
  readonly customer: MockCustomer;
  readonly tickets: Tickets;
}

/** Creates empty stores. */
export function createStores({
  mchid,
  appid,
  now,
  ageRules,
}: StoreOptions & { readonly ageRules: boolean }): Stores {
  const owner = { mchid, appid, now, transactions: new TransactionNumbers() };
  const orders = new MockOrders(owner);
  const combineOrders = new MockCombineOrders(owner);
  const refunds = new MockRefunds(new RefundableOrders(mchid, orders, combineOrders), now);
  const tickets = new Tickets(now);
  return {
    orders,
    combineOrders,
    refunds,
    bills: new MockBills(orders, refunds, now),
    ages: new AgeRules({ ageRules, now }),
    customer: new MockCustomer({ orders, combineOrders, tickets }),
    tickets,
  };
}
