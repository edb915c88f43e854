import { stateOf } from '../orders/combine-orders.js';
import { isUndecided } from '../orders/order-terms.js';
import type { OrderNumbers } from '../orders/orders.js';
import type { Stores } from '../orders/stores.js';

/** The order or combine order that a request is about. */
export interface Subject {
  /** Whether it may still be paid. */
  readonly isOpen: boolean;
  /** Whether there is another one of its kind and owner. */
  readonly hasOther: boolean;
  /** @throws {Error} if it cannot be paid */
  pay(): void;
}

/** What a request is about. */
export function subjectOf(stores: Stores, operation = '', numbers: OrderNumbers): Subject {
  return operation.startsWith('combine.')
    ? combineSubject(stores, numbers.outTradeNo ?? '')
    : orderSubject(stores, numbers);
}

function orderSubject({ orders }: Stores, numbers: OrderNumbers): Subject {
  return {
    get isOpen() {
      const order = orders.find(numbers);
      return order !== undefined && orders.isPayable(order);
    },
    get hasOther() {
      return orders.otherThan(numbers) !== undefined;
    },
    pay() {
      const { outTradeNo = '', subMchid } = orders.find(numbers) ?? numbers;
      orders.pay({ outTradeNo, subMchid });
    },
  };
}

function combineSubject({ combineOrders }: Stores, combineOutTradeNo: string): Subject {
  return {
    get isOpen() {
      const order = combineOrders.get(combineOutTradeNo);
      return order !== undefined && isUndecided(stateOf(order));
    },
    get hasOther() {
      return combineOrders.otherThan(combineOutTradeNo) !== undefined;
    },
    pay: () => void combineOrders.pay(combineOutTradeNo),
  };
}

/** Which order a query is answered with in place of the one asked for; default: the oldest other one of its owner. */
export interface Swap {
  readonly outTradeNo?: string;
}

/** The order that is swapped in. @throws {Error} if there is none */
export function swappedIn<Order, Asked>(
  store: { get(outTradeNo: string): Order | undefined; otherThan(asked: Asked): Order | undefined },
  asked: Asked,
  { outTradeNo }: Swap,
): Order {
  const order = outTradeNo === undefined ? store.otherThan(asked) : store.get(outTradeNo);
  if (order !== undefined) return order;
  const which = outTradeNo === undefined ? 'other order' : `order "${outTradeNo}"`;
  throw new Error(`There is no ${which} to swap in. Place it first.`);
}
