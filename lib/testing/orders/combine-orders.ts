import { combinedTradeState, type TradeState } from '../../index.js';
import type {
  MockCombineOrder,
  MockCombinePayment,
  MockCombineSubOrder,
  NewMockCombineOrder,
  NewMockCombineSubOrder,
} from './mock-combine-order.js';
import { checkNumber, checkTotal, isPaid, isPast, isOpen, DEFAULT_PAYER } from './order-terms.js';
import type { StoreOptions } from './orders.js';
import { TransactionNumbers } from './transaction-numbers.js';

/** Combine order to create, with the parameters of the request that places it, if there is one. */
export type PlacedCombineOrder = Parameters<MockCombineOrders['create']>[0];

/** Combine orders (合单) of the mock gateway: paid and closed as a whole, refunded per sub-order. */
export class MockCombineOrders {
  readonly #orders = new Map<string, MockCombineOrder>();
  readonly #mchid: string;
  readonly #appid: string;
  readonly #now: () => number;
  readonly #transactions: TransactionNumbers;

  /** @internal */
  constructor({ mchid, appid, now, transactions = new TransactionNumbers() }: StoreOptions) {
    this.#mchid = mchid;
    this.#appid = appid;
    this.#now = now;
    this.#transactions = transactions;
  }

  /**
   * Creates an unpaid combine order. @throws {Error} if a number is malformed or taken, a total is not a positive integer, or
   * there are not 2 to 50 sub-orders
   */
  create({
    combineOutTradeNo,
    subOrders,
    tradeType = 'JSAPI',
    sceneInfo,
    timeExpire,
    placedWith,
  }: NewMockCombineOrder & Pick<MockCombineOrder, 'placedWith'>): MockCombineOrder {
    checkNumber(combineOutTradeNo);
    if (this.get(combineOutTradeNo) !== undefined) {
      throw new Error(`Combine order "${combineOutTradeNo}" exists already. Use a new number.`);
    }
    const min = subOrders.some(({ subMchid }) => subMchid !== undefined) ? 1 : 2;
    if (subOrders.length < min || subOrders.length > 50) {
      throw new Error(`Combine order "${combineOutTradeNo}" needs ${min} to 50 sub-orders.`);
    }
    const placed: MockCombineSubOrder[] = [];
    for (const subOrder of subOrders) {
      this.#checkPart(subOrder, placed);
      const { amount, mchid = this.#mchid, ...rest } = subOrder;
      placed.push({
        ...rest,
        mchid,
        tradeType,
        tradeState: 'NOTPAY',
        amount: { totalAmount: amount.total, currency: amount.currency ?? 'CNY' },
      });
    }
    return this.#save({
      combineAppid: this.#appid,
      combineMchid: this.#mchid,
      combineOutTradeNo,
      sceneInfo,
      timeExpire,
      placedWith,
      subOrders: placed,
      createdAt: new Date(this.#now()),
    });
  }

  /** Pays the whole order, as the customer would. @throws {Error} if it is already paid, closed or past its `timeExpire` */
  pay(combineOutTradeNo: string, payment: MockCombinePayment = {}): MockCombineOrder {
    const order = this.#require(combineOutTradeNo);
    if (!isOpen(stateOf(order))) throw illegalTransition(order, 'paid');
    const {
      at: paidAt = new Date(this.#now()),
      openid = DEFAULT_PAYER.openid,
      bankType = 'OTHERS',
    } = payment;
    if (isPast(order.timeExpire, paidAt)) throw orderExpired(order);
    return this.#save({
      ...order,
      combineTransactionId: this.#transactions.issue(paidAt),
      combinePayerInfo: { openid },
      subOrders: order.subOrders.map((part) => {
        const { payerTotal = part.amount.totalAmount, promotionDetail } =
          payment.subOrders?.[part.outTradeNo] ?? {};
        const { currency } = part.amount;
        return {
          ...part,
          tradeState: 'SUCCESS',
          transactionId: this.#transactions.issue(paidAt),
          bankType,
          successTime: paidAt,
          amount: { ...part.amount, payerAmount: payerTotal, payerCurrency: currency },
          promotionDetail,
          ...(part.subAppid === undefined ? {} : { subOpenid: DEFAULT_PAYER.subOpenid }),
        };
      }),
    });
  }

  /** Closes an unpaid order with all sub-orders; closing again changes nothing. @throws {Error} if it is paid */
  close(combineOutTradeNo: string): MockCombineOrder {
    const order = this.#require(combineOutTradeNo);
    if (isPaid(stateOf(order))) throw illegalTransition(order, 'closed');
    return this.#save({
      ...order,
      subOrders: order.subOrders.map((part) => ({ ...part, tradeState: 'CLOSED' })),
    });
  }

  /** Returns true if a combine order can be paid now. */
  isPayable(order: MockCombineOrder): boolean {
    return isOpen(stateOf(order)) && !isPast(order.timeExpire, new Date(this.#now()));
  }

  /** Refunds one sub-order of a paid order, partially or fully. @throws {Error} if it is not paid */
  refund(combineOutTradeNo: string, outTradeNo: string): MockCombineOrder {
    const order = this.#require(combineOutTradeNo);
    const matches = (part: MockCombineSubOrder) => part.outTradeNo === outTradeNo;
    if (!order.subOrders.some(matches)) {
      throw new Error(`Combine order "${combineOutTradeNo}" has no sub-order "${outTradeNo}".`);
    }
    if (!isPaid(stateOf(order))) throw illegalTransition(order, 'refunded');
    return this.#save({
      ...order,
      subOrders: order.subOrders.map((part) => (matches(part) ? { ...part, tradeState: 'REFUND' } : part)),
    });
  }

  /** Returns the combine order in its current state, or undefined. */
  get(combineOutTradeNo: string): MockCombineOrder | undefined {
    return this.#orders.get(combineOutTradeNo);
  }

  /** Returns all combine orders, the oldest first. */
  list(): readonly MockCombineOrder[] {
    return [...this.#orders.values()];
  }

  /** Returns the oldest combine order other than the given one. */
  otherThan(combineOutTradeNo: string): MockCombineOrder | undefined {
    for (const [number, order] of this.#orders) {
      if (number !== combineOutTradeNo) return order;
    }
    return undefined;
  }

  #checkPart(part: NewMockCombineSubOrder, placed: readonly MockCombineSubOrder[]): void {
    checkNumber(part.outTradeNo);
    checkTotal(part.outTradeNo, part.amount.total);
    const others = this.list().flatMap(({ subOrders }) => subOrders);
    if (
      placed.some(({ outTradeNo }) => outTradeNo === part.outTradeNo) ||
      others.some((other) => isSamePart(other, { mchid: this.#mchid, ...part }))
    ) {
      throw new Error(`Sub-order "${part.outTradeNo}" exists already. Use a new number.`);
    }
  }

  #require(combineOutTradeNo: string): MockCombineOrder {
    const order = this.get(combineOutTradeNo);
    if (order === undefined) {
      throw new Error(`There is no combine order "${combineOutTradeNo}". Place it with create().`);
    }
    return order;
  }

  #save(order: MockCombineOrder): MockCombineOrder {
    const subOrders = Object.freeze(order.subOrders.map((part) => Object.freeze(part)));
    const saved = Object.freeze({ ...order, subOrders });
    this.#orders.set(saved.combineOutTradeNo, saved);
    return saved;
  }
}

/** Returns true if two sub-orders have the same merchant, sub-merchant and number. */
export function isSamePart(
  a: { readonly mchid: string; readonly subMchid?: string; readonly outTradeNo: string },
  b: { readonly mchid: string; readonly subMchid?: string; readonly outTradeNo: string },
): boolean {
  return a.mchid === b.mchid && a.subMchid === b.subMchid && a.outTradeNo === b.outTradeNo;
}

/** Returns the state of a combine order. Its sub-orders differ only in refunds. */
export function stateOf(order: MockCombineOrder): TradeState {
  return combinedTradeState(order) ?? 'NOTPAY';
}

function orderExpired({ combineOutTradeNo, timeExpire }: MockCombineOrder): Error {
  return new Error(
    `Combine order "${combineOutTradeNo}" cannot be paid: its time_expire was ${timeExpire?.toISOString()}. Place it with a later one.`,
  );
}

function illegalTransition(order: MockCombineOrder, transition: string): Error {
  return new Error(
    `Combine order "${order.combineOutTradeNo}" cannot be ${transition}: it is ${stateOf(order)}.`,
  );
}
