import { randomInt } from 'node:crypto';
import type { TradeState } from '../index.js';
import type { MockOrder, MockPayment, NewMockOrder } from './mock-order.js';

const OUT_TRADE_NO = /^[0-9A-Za-z_\-|*@]{1,32}$/;
const UNDECIDED: readonly string[] = ['NOTPAY', 'USERPAYING', 'PAYERROR', 'ACCEPT'];
const PAID: readonly string[] = ['SUCCESS', 'REFUND'];

/** How requests find orders. */
export interface OrderLookup {
  byOutTradeNo(outTradeNo: string): MockOrder | undefined;
  byTransactionId(transactionId: string): MockOrder | undefined;
}

/** The orders of the mock gateway. Tests place, pay and refund them here; requests query and close them. */
export class MockOrders implements OrderLookup {
  readonly #orders = new Map<string, MockOrder>();
  readonly #transactions = new Map<string, string>();
  readonly #issuer = `4200${randomInt(100_000, 1_000_000)}`;
  readonly #mchid: string;
  readonly #appid: string;
  readonly #now: () => number;

  constructor({
    mchid,
    appid,
    now,
  }: {
    readonly mchid: string;
    readonly appid: string;
    readonly now: () => number;
  }) {
    this.#mchid = mchid;
    this.#appid = appid;
    this.#now = now;
  }

  /** Places an order, unpaid. @throws {Error} if the number is malformed or taken, or the total is not a positive integer */
  create({ outTradeNo, amount, tradeType = 'JSAPI', ...rest }: NewMockOrder): MockOrder {
    if (!OUT_TRADE_NO.test(outTradeNo))
      throw new Error(
        `Order number "${outTradeNo}" is malformed. Use 1 to 32 characters of 0-9 A-Z a-z _ - | * @.`,
      );
    if (this.#orders.has(outTradeNo))
      throw new Error(`Order "${outTradeNo}" exists already. Use a new number.`);
    if (!Number.isSafeInteger(amount.total) || amount.total < 1)
      throw new Error(`Order "${outTradeNo}" needs amount.total as a positive integer in fen.`);
    return this.#save({
      ...rest,
      mchid: this.#mchid,
      appid: this.#appid,
      outTradeNo,
      tradeType,
      tradeState: 'NOTPAY',
      amount: { total: amount.total, currency: amount.currency ?? 'CNY' },
      createdAt: new Date(this.#now()),
    });
  }

  /** Pays an order as the customer would. @throws {Error} if it is paid already, closed or reversed */
  pay(outTradeNo: string, payment: MockPayment = {}): MockOrder {
    const order = this.#existing(outTradeNo);
    if (!UNDECIDED.includes(order.tradeState)) throw illegal(order, 'paid');
    const { total, currency } = order.amount;
    if (payment.transactionId !== undefined && this.#transactions.has(payment.transactionId))
      throw new Error(`Transaction "${payment.transactionId}" belongs to another order. Use a new number.`);
    const paidAt = payment.at ?? new Date(this.#now());
    return this.#save({
      ...order,
      tradeState: 'SUCCESS',
      transactionId: payment.transactionId ?? this.#nextTransactionId(paidAt),
      tradeType: payment.tradeType ?? order.tradeType,
      bankType: payment.bankType ?? 'OTHERS',
      successTime: paidAt,
      amount: { total, payerTotal: payment.payerTotal ?? total, currency, payerCurrency: currency },
      payer: { openid: payment.openid ?? 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
      promotionDetail: payment.promotionDetail,
    });
  }

  /** Closes an unpaid order; closing a closed one changes nothing. @throws {Error} if it is paid or reversed */
  close(outTradeNo: string): MockOrder {
    const order = this.#existing(outTradeNo);
    if (order.tradeState !== 'CLOSED' && !UNDECIDED.includes(order.tradeState))
      throw illegal(order, 'closed');
    return this.#save({ ...order, tradeState: 'CLOSED' });
  }

  /** Refunds a paid order, in part or in full: the state is the same. @throws {Error} if it is not paid */
  refund(outTradeNo: string): MockOrder {
    const order = this.#existing(outTradeNo);
    if (!PAID.includes(order.tradeState)) throw illegal(order, 'refunded');
    return this.#save({ ...order, tradeState: 'REFUND' });
  }

  /**
   * Sets any other state, such as `USERPAYING`, `REVOKED` or one of the future, without looking at the present one.
   *
   * @throws {Error} for `SUCCESS` and `REFUND`: use `pay` and `refund`, which set what belongs to them
   */
  setState(outTradeNo: string, tradeState: TradeState): MockOrder {
    if (PAID.includes(tradeState))
      throw new Error(`setState does not pay "${outTradeNo}". Use pay() and then refund().`);
    return this.#save({ ...this.#existing(outTradeNo), tradeState });
  }

  /** The order as it is now, or undefined. */
  get(outTradeNo: string): MockOrder | undefined {
    return this.#orders.get(outTradeNo);
  }

  /** All orders, the oldest first. */
  list(): readonly MockOrder[] {
    return [...this.#orders.values()];
  }

  byOutTradeNo(outTradeNo: string): MockOrder | undefined {
    return this.get(outTradeNo);
  }

  byTransactionId(transactionId: string): MockOrder | undefined {
    const outTradeNo = this.#transactions.get(transactionId);
    return outTradeNo === undefined ? undefined : this.get(outTradeNo);
  }

  #existing(outTradeNo: string): MockOrder {
    const order = this.get(outTradeNo);
    if (order === undefined) throw new Error(`There is no order "${outTradeNo}". Place it with create().`);
    return order;
  }

  #save(order: MockOrder): MockOrder {
    const saved = Object.freeze(order);
    this.#orders.set(saved.outTradeNo, saved);
    if (saved.transactionId !== undefined) this.#transactions.set(saved.transactionId, saved.outTradeNo);
    return saved;
  }

  #nextTransactionId(paidAt: Date): string {
    const day = paidAt.toISOString().slice(0, 10).replaceAll('-', '');
    return `${this.#issuer}${day}${String(this.#transactions.size + 1).padStart(10, '0')}`;
  }
}

function illegal({ outTradeNo, tradeState }: MockOrder, wish: string): Error {
  return new Error(`Order "${outTradeNo}" cannot be ${wish}: it is ${tradeState}.`);
}
