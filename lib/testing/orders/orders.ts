import type { TradeState } from '../../index.js';
import type { MockOrder, MockOrderRef, MockPayment, NewMockOrder } from './mock-order.js';
import { checkNumber, checkTotal, isPaid, isReversible, isUndecided, SOMEBODY } from './order-terms.js';
import { TransactionNumbers } from './transaction-numbers.js';

/** What the stores of a gateway have in common. */
export interface StoreOptions {
  readonly mchid: string;
  readonly appid: string;
  readonly now: () => number;
  readonly transactions?: TransactionNumbers;
}

/** `TRADE_ERROR`: its kind or state forbids it. `REVERSE_EXPIRE`: it was paid more than 7 days ago. */
export type ReverseRefusal = 'TRADE_ERROR' | 'REVERSE_EXPIRE';

const REVERSIBLE_MS = 7 * 86_400_000;

/** An order to place, with the parameters of the request that places it, if there is one. */
export type PlacedOrder = Parameters<MockOrders['create']>[0];

/** How requests name an order. */
export interface OrderNumbers {
  readonly outTradeNo?: string;
  readonly transactionId?: string;
  readonly subMchid?: string;
}

/** The orders of the mock gateway. Tests place, pay and refund them here; requests query and close them. */
export class MockOrders {
  readonly #orders = new Map<string, MockOrder>();
  readonly #keysByTransaction = new Map<string, string>();
  readonly #mchid: string;
  /** The appid that orders are placed with unless they say another. */
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
   * Places an order, unpaid; with `subMchid`, one of a sub-merchant. Each of them has order numbers of its own.
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
    if (this.find({ outTradeNo, subMchid: rest.subMchid }) !== undefined)
      throw new Error(`Order "${outTradeNo}" exists already. Use a new number.`);
    checkTotal(outTradeNo, amount.total);
    if (rest.subAppid !== undefined && rest.subMchid === undefined)
      throw new Error(`Order "${outTradeNo}" has a subAppid. Say whose it is: give its subMchid, too.`);
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

  /** Pays an order as the customer would. @throws {Error} if it is paid already, closed, reversed or past its `timeExpire` */
  pay(ref: MockOrderRef, payment: MockPayment = {}): MockOrder {
    const order = this.#existing(ref);
    if (!isUndecided(order.tradeState)) throw illegal(order, 'paid');
    const { total, currency } = order.amount;
    const paidAt = payment.at ?? new Date(this.#now());
    if (isPast(order.timeExpire, paidAt)) throw expired(order);
    const subOpenid = payment.subOpenid ?? (order.subAppid && SOMEBODY.subOpenid);
    return this.#save({
      ...order,
      tradeState: 'SUCCESS',
      transactionId: this.#transactions.take(paidAt, payment.transactionId),
      tradeType: payment.tradeType ?? order.tradeType,
      bankType: payment.bankType ?? 'OTHERS',
      successTime: paidAt,
      amount: { total, payerTotal: payment.payerTotal ?? total, currency, payerCurrency: currency },
      payer: { openid: payment.openid ?? SOMEBODY.openid, ...(subOpenid === undefined ? {} : { subOpenid }) },
      promotionDetail: payment.promotionDetail,
    });
  }

  /** Closes an unpaid order; closing a closed one changes nothing. @throws {Error} if it is paid or reversed */
  close(ref: MockOrderRef): MockOrder {
    const order = this.#existing(ref);
    if (order.tradeState !== 'CLOSED' && !isUndecided(order.tradeState)) throw illegal(order, 'closed');
    return this.#save({ ...order, tradeState: 'CLOSED' });
  }

  /** Refunds a paid order, in part or in full: the state is the same. @throws {Error} if it is not paid */
  refund(ref: MockOrderRef): MockOrder {
    const order = this.#existing(ref);
    if (!isPaid(order.tradeState)) throw illegal(order, 'refunded');
    return this.#save({ ...order, tradeState: 'REFUND' });
  }

  /**
   * Reverses an order that is paid by 付款码 or by face: an unpaid one can no longer be paid, a paid one is refunded. Again changes nothing.
   *
   * @throws {Error} if it is of another kind, refunded, or was paid more than 7 days ago
   */
  reverse(ref: MockOrderRef): MockOrder {
    const order = this.#existing(ref);
    if (this.refusalToReverse(order) !== undefined) throw illegal(order, 'reversed');
    return this.#save({ ...order, tradeState: 'REVOKED' });
  }

  /** Whether an order may still be paid now. */
  isPayable({ tradeState, timeExpire }: MockOrder): boolean {
    return isUndecided(tradeState) && !isPast(timeExpire, new Date(this.#now()));
  }

  /** Why an order cannot be reversed, in WeChat Pay's words. @internal */
  refusalToReverse({ tradeType, tradeState, successTime }: MockOrder): ReverseRefusal | undefined {
    if (!isReversible(tradeType) || tradeState === 'REFUND') return 'TRADE_ERROR';
    const isExpired = successTime !== undefined && this.#now() - successTime.getTime() > REVERSIBLE_MS;
    return isExpired && tradeState !== 'REVOKED' ? 'REVERSE_EXPIRE' : undefined;
  }

  /**
   * Sets any other state, such as `USERPAYING`, `REVOKED` or one of the future, without looking at the present one.
   *
   * @throws {Error} for `SUCCESS` and `REFUND`: use `pay` and `refund`, which set what belongs to them
   */
  setState(ref: MockOrderRef, tradeState: TradeState): MockOrder {
    const order = this.#existing(ref);
    if (isPaid(tradeState))
      throw new Error(`setState does not pay "${order.outTradeNo}". Use pay() and then refund().`);
    return this.#save({ ...order, tradeState });
  }

  /** The order as it is now, or undefined. @throws {Error} if several sub-merchants use the number */
  get(ref: MockOrderRef): MockOrder | undefined {
    if (typeof ref !== 'string') return this.find(ref);
    const [first, ...others] = this.list().filter(({ outTradeNo }) => outTradeNo === ref);
    if (others.length === 0) return first;
    const own = this.find({ outTradeNo: ref });
    if (own !== undefined) return own;
    throw new Error(`Several sub-merchants have an order "${ref}". Say whose: { outTradeNo, subMchid }.`);
  }

  /** All orders, the oldest first. */
  list(): readonly MockOrder[] {
    return [...this.#orders.values()];
  }

  /** Finds an order as requests name it: by either number, that of WeChat first, and always by its owner. @internal */
  find({ outTradeNo = '', transactionId, subMchid }: OrderNumbers): MockOrder | undefined {
    const key =
      transactionId === undefined
        ? keyOf({ outTradeNo, subMchid })
        : this.#keysByTransaction.get(transactionId);
    const order = this.#orders.get(key ?? '');
    return order?.subMchid === subMchid ? order : undefined;
  }

  /** The oldest order of the same owner that is not the one named. @internal */
  otherThan(numbers: OrderNumbers): MockOrder | undefined {
    const named = this.find(numbers);
    for (const order of this.#orders.values()) {
      if (order !== named && order.subMchid === numbers.subMchid) return order;
    }
    return undefined;
  }

  #existing(ref: MockOrderRef): MockOrder {
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

function isPast(end: Date | undefined, moment: Date): boolean {
  return end !== undefined && moment > end;
}

function expired({ outTradeNo, timeExpire }: MockOrder): Error {
  return new Error(
    `Order "${outTradeNo}" cannot be paid: its time_expire was ${timeExpire?.toISOString()}. Place it with a later one.`,
  );
}

function illegal({ outTradeNo, tradeState }: MockOrder, wish: string): Error {
  return new Error(`Order "${outTradeNo}" cannot be ${wish}: it is ${tradeState}.`);
}
