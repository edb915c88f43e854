import type { OrderNumbers } from '../orders/orders.js';
import type { Stores } from '../orders/stores.js';

/** Order or combine order that a request is about. */
export interface Subject {
  /** True if it can still be paid. */
  readonly isOpen: boolean;
  /** True if its owner has another order of the same kind. */
  readonly hasOther: boolean;
  /** @throws {Error} if it cannot be paid */
  pay(): void;
}

/** Returns the order that a request is about. */
export function subjectOf(stores: Stores, operation = '', numbers: OrderNumbers): Subject {
  if (operation.startsWith('refund.')) return refundSubject(stores, numbers);
  return operation.startsWith('combine.')
    ? combineSubject(stores, numbers.outTradeNo ?? '')
    : orderSubject(stores, numbers);
}

/** Returns the number of the order that a request is about, even if the request names it by WeChat's number or a refund's. */
export function outTradeNoOf({ orders, refunds }: Stores, numbers: OrderNumbers): string | undefined {
  return numbers.outTradeNo ?? orders.find(numbers)?.outTradeNo ?? refunds.find(numbers)?.outTradeNo;
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

/** A refund is of a paid order, which cannot be paid again. */
function refundSubject(stores: Stores, numbers: OrderNumbers): Subject {
  return {
    isOpen: false,
    get hasOther() {
      return stores.refunds.otherThan(numbers) !== undefined;
    },
    pay: () => orderSubject(stores, numbers).pay(),
  };
}

function combineSubject({ combineOrders }: Stores, combineOutTradeNo: string): Subject {
  return {
    get isOpen() {
      const order = combineOrders.get(combineOutTradeNo);
      return order !== undefined && combineOrders.isPayable(order);
    },
    get hasOther() {
      return combineOrders.otherThan(combineOutTradeNo) !== undefined;
    },
    pay: () => void combineOrders.pay(combineOutTradeNo),
  };
}

/** Order to return from a query instead of the requested one; default: the oldest other order of its owner. */
export interface Swap {
  readonly outTradeNo?: string;
}

/** Finds the order to return instead. @throws {Error} if there is none */
export function findSwapped<Order, Reference>(
  store: { get(outTradeNo: string): Order | undefined; otherThan(reference: Reference): Order | undefined },
  reference: Reference,
  { outTradeNo }: Swap,
): Order {
  const order = outTradeNo === undefined ? store.otherThan(reference) : store.get(outTradeNo);
  if (order !== undefined) return order;
  const which = outTradeNo === undefined ? 'other order' : `order "${outTradeNo}"`;
  throw new Error(`There is no ${which} to swap in. Place it first.`);
}
