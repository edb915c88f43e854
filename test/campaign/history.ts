import type { MockCombineOrder, MockOrder, MockRefund, MockWxPayGateway } from 'nestjs-wxpay/testing';

/** An order as it was from some moment on, until the next one of it. */
interface Moment<Order> {
  readonly since: number;
  readonly order: Order;
}

/** How calls name an order. */
export interface OrderName {
  readonly outTradeNo: string;
  readonly subMchid?: string;
}

/** How calls name a refund. */
export interface RefundName {
  readonly outRefundNo: string;
  readonly subMchid?: string;
}

const PAID = ['SUCCESS', 'REFUND'];

/** What is true: every state that every order of a gateway ever had, and when. */
export class History {
  readonly #orders = new Map<string, Moment<MockOrder>[]>();
  readonly #combineOrders = new Map<string, Moment<MockCombineOrder>[]>();
  readonly #refunds = new Map<string, Moment<MockRefund>[]>();
  /** The customers who paid, and those whom somebody told of. */
  readonly openids = new Set<string>();

  constructor({ orders, combineOrders, refunds }: MockWxPayGateway) {
    recordChanges(orders, ['create', 'pay', 'close', 'refund', 'reverse', 'setState'], (order: MockOrder) => {
      for (const openid of Object.values(order.payer ?? {}) as string[]) this.openids.add(openid);
      add(this.#orders, keyOf(order), order);
    });
    recordChanges(combineOrders, ['create', 'pay', 'close', 'refund'], (order: MockCombineOrder) => {
      const { openid } = order.combinePayerInfo ?? {};
      if (openid !== undefined) this.openids.add(openid);
      add(this.#combineOrders, order.combineOutTradeNo, order);
    });
    recordChanges(refunds, ['request', 'settle', 'sendAnotherWay'], (refund: MockRefund) =>
      add(this.#refunds, keyOf({ ...refund, outTradeNo: refund.outRefundNo }), refund),
    );
  }

  /** How the order was at any time from then until now; empty if there was none. */
  orderSince(name: OrderName, since: number): readonly MockOrder[] {
    return statesSince(this.#orders.get(keyOf(name)), since);
  }

  combineOrderSince(combineOutTradeNo: string, since: number): readonly MockCombineOrder[] {
    return statesSince(this.#combineOrders.get(combineOutTradeNo), since);
  }

  /** How the refund was at any time from then until now; empty if there was none. */
  refundSince({ outRefundNo, subMchid }: RefundName, since: number): readonly MockRefund[] {
    return statesSince(this.#refunds.get(keyOf({ outTradeNo: outRefundNo, subMchid })), since);
  }

  /** Whether money came in for it, at any time until now. */
  wasEverPaid(name: OrderName): boolean {
    return (this.#orders.get(keyOf(name)) ?? []).some(({ order }) => PAID.includes(order.tradeState));
  }

  exists(name: OrderName): boolean {
    return this.#orders.has(keyOf(name));
  }
}

/** Tells each order, or refund, that one of these methods returns: what it has just become. */
function recordChanges(store: object, names: readonly string[], record: (order: never) => void): void {
  // Sound: the stores have these methods, and each returns the order, or the refund, as it has become.
  const methods = store as Record<string, (...args: unknown[]) => never>;
  for (const name of names) {
    const change = methods[name]?.bind(store);
    methods[name] = (...args) => {
      const order = change?.(...args) as never;
      record(order);
      return order;
    };
  }
}

function add<Order>(moments: Map<string, Moment<Order>[]>, key: string, order: Order): void {
  const known = moments.get(key) ?? [];
  known.push({ since: performance.now(), order });
  moments.set(key, known);
}

function statesSince<Order>(moments: readonly Moment<Order>[] = [], since: number): readonly Order[] {
  const current = moments.findLastIndex((moment) => moment.since <= since);
  return moments.slice(Math.max(0, current)).map(({ order }) => order);
}

function keyOf({ outTradeNo, subMchid = '' }: OrderName): string {
  return `${subMchid}/${outTradeNo}`;
}
