import type { TradeState } from '../../index.js';
import type { MockOrder, MockOrderRef, MockPayment, NewMockOrder } from './mock-order.js';
import {
  checkNumber,
  checkTotal,
  isPaid,
  isPast,
  isReversible,
  isOpen,
  DEFAULT_PAYER,
} from './order-terms.js';
import { TransactionNumbers } from './transaction-numbers.js';

/** Options common to the stores of a gateway. */
export interface StoreOptions {
  readonly mchid: string;
  readonly appid: string;
  readonly now: () => number;
  readonly transactions?: TransactionNumbers;
}

/**
 * Reason why an order cannot be reversed. `TRADE_ERROR`: its type or state forbids it. `REVERSE_EXPIRE`: it was paid more
 * than 7 days ago.
 */
export type ReverseRefusal = 'TRADE_ERROR' | 'REVERSE_EXPIRE';

const REVERSIBLE_MS = 7 * 86_400_000;

/** Order to create, with the parameters of the request that places it, if there is one. */
export type PlacedOrder = Parameters<MockOrders['create']>[0];

/** Numbers that identify an order in a request. */
export interface OrderNumbers {
  readonly outTradeNo?: string;
  readonly transactionId?: string;
  readonly subMchid?: string;
  /** The merchant's number of the refund. */
  readonly outRefundNo?: string;
}

/** Orders of the mock gateway. Tests place, pay and refund them here; requests query and close them. */
export class MockOrders {
  readonly #orders = new Map<string, MockOrder>();
  readonly #keysByTransaction = new Map<string, string>();
  readonly #mchid: string;
  /** Default appid of new orders. */
  readonly appid: string;
  readonly #now: () => number;
  readonly #transactions: TransactionNumbers;

  /** @internal */
  constructor({ mchid, appid, now, transactions = new TransactionNumbers() }: StoreOptions) {
    this.#mchid = mchid;
    this.appid = appid;
    this.#now = now;
    this.#transactions = transactions;
  }

  /**
   * Creates an unpaid order; with `subMchid`, an order of that sub-merchant. Order numbers are unique per owner.
   *
   * @throws {Error} if the number is malformed or taken, or the total is not a positive integer
   */
  create({
    outTradeNo,
    amount,
    tradeType = 'JSAPI',
    createdAt,
    appid = this.appid,
    ...rest
  }: NewMockOrder & Pick<MockOrder, 'placedWith'>): MockOrder {
    checkNumber(outTradeNo);
    if (this.find({ outTradeNo, subMchid: rest.subMchid }) !== undefined) {
      throw new Error(`Order "${outTradeNo}" exists already. Use a new number.`);
    }
    checkTotal(outTradeNo, amount.total);
    if (rest.subAppid !== undefined && rest.subMchid === undefined) {
      throw new Error(`Order "${outTradeNo}" has a subAppid. Say whose it is: give its subMchid, too.`);
    }
    return this.#save({
      ...rest,
      mchid: this.#mchid,
      appid,
      outTradeNo,
      tradeType,
      tradeState: 'NOTPAY',
      amount: { total: amount.total, currency: amount.currency ?? 'CNY' },
      createdAt: createdAt ?? new Date(this.#now()),
    });
  }

  /** Pays an order, as the customer would. @throws {Error} if it is already paid, closed, reversed or past its `timeExpire` */
  pay(ref: MockOrderRef, payment: MockPayment = {}): MockOrder {
    const order = this.#require(ref);
    if (!isOpen(order.tradeState)) throw illegalTransition(order, 'paid');
    const { total, currency } = order.amount;
    const paidAt = payment.at ?? new Date(this.#now());
    if (isPast(order.timeExpire, paidAt)) throw orderExpired(order);
    const subOpenid = payment.subOpenid ?? (order.subAppid && DEFAULT_PAYER.subOpenid);
    return this.#save({
      ...order,
      tradeState: 'SUCCESS',
      transactionId: this.#transactions.issue(paidAt, payment.transactionId),
      tradeType: payment.tradeType ?? order.tradeType,
      bankType: payment.bankType ?? 'OTHERS',
      successTime: paidAt,
      amount: { total, payerTotal: payment.payerTotal ?? total, currency, payerCurrency: currency },
      payer: {
        openid: payment.openid ?? DEFAULT_PAYER.openid,
        ...(subOpenid === undefined ? {} : { subOpenid }),
      },
      promotionDetail: payment.promotionDetail,
    });
  }

  /** Closes an unpaid order; closing it again changes nothing. @throws {Error} if it is paid or reversed */
  close(ref: MockOrderRef): MockOrder {
    const order = this.#require(ref);
    if (order.tradeState !== 'CLOSED' && !isOpen(order.tradeState)) throw illegalTransition(order, 'closed');
    return this.#save({ ...order, tradeState: 'CLOSED' });
  }

  /** Refunds a paid order. Partial and full refunds result in the same state. @throws {Error} if it is not paid */
  refund(ref: MockOrderRef): MockOrder {
    const order = this.#require(ref);
    if (!isPaid(order.tradeState)) throw illegalTransition(order, 'refunded');
    return this.#save({ ...order, tradeState: 'REFUND' });
  }

  /**
   * Reverses a 付款码 or face order: an unpaid one becomes unpayable, a paid one is refunded. Reversing it again changes
   * nothing.
   *
   * @throws {Error} if it has another type, is refunded, or was paid more than 7 days ago
   */
  reverse(ref: MockOrderRef): MockOrder {
    const order = this.#require(ref);
    if (this.refusalToReverse(order) !== undefined) throw illegalTransition(order, 'reversed');
    return this.#save({ ...order, tradeState: 'REVOKED' });
  }

  /** Returns true if an order can be paid now. */
  isPayable({ tradeState, timeExpire }: MockOrder): boolean {
    return isOpen(tradeState) && !isPast(timeExpire, new Date(this.#now()));
  }

  /** Returns WeChat Pay's code for an order that cannot be reversed. @internal */
  refusalToReverse({ tradeType, tradeState, successTime }: MockOrder): ReverseRefusal | undefined {
    if (!isReversible(tradeType) || tradeState === 'REFUND') return 'TRADE_ERROR';
    const isExpired = successTime !== undefined && this.#now() - successTime.getTime() > REVERSIBLE_MS;
    return isExpired && tradeState !== 'REVOKED' ? 'REVERSE_EXPIRE' : undefined;
  }

  /**
   * Sets any other state, such as `USERPAYING`, `REVOKED` or an unknown one, regardless of the current state.
   *
   * @throws {Error} for `SUCCESS` and `REFUND`: use `pay` and `refund`, which also set the other fields of a payment
   */
  setState(ref: MockOrderRef, tradeState: TradeState): MockOrder {
    const order = this.#require(ref);
    if (isPaid(tradeState)) {
      throw new Error(`setState does not pay "${order.outTradeNo}". Use pay() and then refund().`);
    }
    return this.#save({ ...order, tradeState });
  }

  /** Returns the order in its current state, or undefined. @throws {Error} if several sub-merchants use the number */
  get(ref: MockOrderRef): MockOrder | undefined {
    if (typeof ref !== 'string') return this.find(ref);
    const [first, ...others] = this.list().filter(({ outTradeNo }) => outTradeNo === ref);
    if (others.length === 0) return first;
    const own = this.find({ outTradeNo: ref });
    if (own !== undefined) return own;
    throw new Error(`Several sub-merchants have an order "${ref}". Say whose: { outTradeNo, subMchid }.`);
  }

  /** Returns all orders, the oldest first. */
  list(): readonly MockOrder[] {
    return [...this.#orders.values()];
  }

  /** Finds an order of an owner by either number; `transactionId` takes precedence. @internal */
  find({ outTradeNo = '', transactionId, subMchid }: OrderNumbers): MockOrder | undefined {
    const key =
      transactionId === undefined
        ? keyOf({ outTradeNo, subMchid })
        : this.#keysByTransaction.get(transactionId);
    const order = this.#orders.get(key ?? '');
    return order?.subMchid === subMchid ? order : undefined;
  }

  /** Returns the oldest order of the same owner other than the given one. @internal */
  otherThan(numbers: OrderNumbers): MockOrder | undefined {
    const named = this.find(numbers);
    for (const order of this.#orders.values()) {
      if (order !== named && order.subMchid === numbers.subMchid) return order;
    }
    return undefined;
  }

  #require(ref: MockOrderRef): MockOrder {
    const order = this.get(ref);
    if (order !== undefined) return order;
    const { outTradeNo, subMchid } = typeof ref === 'string' ? { outTradeNo: ref, subMchid: undefined } : ref;
    const owner = subMchid === undefined ? '' : ` of sub-merchant ${subMchid}`;
    throw new Error(`There is no order "${outTradeNo}"${owner}. Place it with create().`);
  }

  #save(order: MockOrder): MockOrder {
    const saved = Object.freeze(order);
    this.#orders.set(keyOf(saved), saved);
    if (saved.transactionId !== undefined) this.#keysByTransaction.set(saved.transactionId, keyOf(saved));
    return saved;
  }
}

function keyOf({ outTradeNo, subMchid = '' }: { outTradeNo: string; subMchid?: string }): string {
  return `${subMchid}/${outTradeNo}`;
}

function orderExpired({ outTradeNo, timeExpire }: MockOrder): Error {
  return new Error(
    `Order "${outTradeNo}" cannot be paid: its time_expire was ${timeExpire?.toISOString()}. Place it with a later one.`,
  );
}

function illegalTransition({ outTradeNo, tradeState }: MockOrder, transition: string): Error {
  return new Error(`Order "${outTradeNo}" cannot be ${transition}: it is ${tradeState}.`);
}
