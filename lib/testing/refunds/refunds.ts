import { isDeepStrictEqual } from 'node:util';
import type { Refund } from '../../index.js';
import type { MockOrder } from '../orders/mock-order.js';
import { isPaid } from '../orders/order-terms.js';
import type { OrderNumbers } from '../orders/orders.js';
import type { MockRefund, MockRefundOutcome, MockRefundRef, NewMockRefund } from './mock-refund.js';
import type { RefundableOrders } from './refundable-orders.js';
import { RefundRefusal, type RefundRefusalReason } from './refund-refusal.js';

const OUT_REFUND_NO = /^[0-9A-Za-z_\-|*@]{1,64}$/;
const REFUNDABLE_MS = 365 * 86_400_000;
const MAX_REFUNDS = 50;

/** Numbers that identify a refund in a request. */
export interface RefundNumbers {
  readonly outRefundNo?: string;
  readonly refundId?: string;
  readonly subMchid?: string;
}

/** Refund to create for an order, with the content of the request. */
export interface RequestedRefund extends Pick<
  MockRefund,
  'outRefundNo' | 'reason' | 'notifyUrl' | 'fundsAccount' | 'requestedWith'
> {
  readonly order: MockOrder;
  readonly amount: Pick<Refund['amount'], 'refund' | 'total' | 'from'>;
}

/** Refunds of the mock gateway. Requests create them, `PROCESSING` at first; tests settle them, as the bank would. */
export class MockRefunds {
  readonly #refunds = new Map<string, MockRefund>();
  readonly #orders: RefundableOrders;
  readonly #now: () => number;

  /** @internal */
  constructor(orders: RefundableOrders, now: () => number) {
    this.#orders = orders;
    this.#now = now;
  }

  /** Refunds an order, as the merchant would in the console. @throws {Error} if WeChat Pay would refuse it */
  create({ outTradeNo, subMchid, outRefundNo, amount, ...rest }: NewMockRefund): MockRefund {
    const order = this.orderOf({ outTradeNo, subMchid });
    if (order === undefined) throw new Error(`There is no order "${outTradeNo}" to refund. Place it first.`);
    const { refund, total = order.amount.total, from } = amount;
    const content = { outTradeNo, ...rest, amount: { refund, total, from } };
    return this.request({ ...content, outRefundNo, order, requestedWith: content });
  }

  /**
   * Ends a refund: the customer has the money, the bank refused it, or the funds were lacking for seven days.
   *
   * @throws {Error} if there is no such refund, or if it has ended already
   */
  settle(
    ref: MockRefundRef,
    status: MockRefundOutcome = 'SUCCESS',
    { at = new Date(this.#now()) }: { readonly at?: Date | undefined } = {},
  ): MockRefund {
    const refund = this.#require(ref);
    if (refund.status !== 'PROCESSING') throw illegalTransition(refund, status);
    return this.#save({ ...refund, status, ...(status === 'SUCCESS' && { successTime: at }) });
  }

  /** Sends the money of an abnormal refund to another account. @throws {Error} if it is not `ABNORMAL` @internal */
  sendAnotherWay(refund: MockRefund, channel: string): MockRefund {
    if (refund.status !== 'ABNORMAL') throw illegalTransition(refund, 'PROCESSING');
    return this.#save({ ...refund, status: 'PROCESSING', channel });
  }

  /** Returns the refund in its current state, or undefined. @throws {Error} if several sub-merchants use the number */
  get(ref: MockRefundRef): MockRefund | undefined {
    if (typeof ref !== 'string') return this.find(ref);
    const [first, ...others] = this.list().filter(({ outRefundNo }) => outRefundNo === ref);
    if (others.length === 0) return first;
    const own = this.find({ outRefundNo: ref });
    if (own !== undefined) return own;
    throw new Error(
      `Several sub-merchants have a refund "${ref}". Name the sub-merchant: { outRefundNo, subMchid }.`,
    );
  }

  /** Returns all refunds, the oldest first. */
  list(): readonly MockRefund[] {
    return [...this.#refunds.values()];
  }

  /**
   * Creates a refund, or returns the one that the same request has created before.
   *
   * @throws {RefundRefusal} if the order or its earlier refunds do not allow it
   * @internal
   */
  request({ order, outRefundNo, amount, requestedWith, ...rest }: RequestedRefund): MockRefund {
    if (!OUT_REFUND_NO.test(outRefundNo)) {
      throw new Error(`Refund number "${outRefundNo}" is malformed. Use 1 to 64 of 0-9 A-Z a-z _ - | * @.`);
    }
    const { subMchid, outTradeNo, transactionId = '' } = order;
    const existing = this.find({ outRefundNo, subMchid });
    if (existing !== undefined) {
      if (isDeepStrictEqual(existing.requestedWith, requestedWith)) return existing;
      throw refused('other-content', `Refund "${outRefundNo}" exists already with other content.`);
    }
    this.#checkAllowed(order, amount);
    this.#orders.refund(order);
    return this.#save({
      ...rest,
      refundId: `5${transactionId.slice(1, 18)}${String(this.#refunds.size + 1).padStart(11, '0')}`,
      outRefundNo,
      outTradeNo,
      transactionId,
      ...(subMchid === undefined ? {} : { subMchid }),
      status: 'PROCESSING',
      channel: 'ORIGINAL',
      userReceivedAccount: '支付用户零钱',
      createdAt: new Date(this.#now()),
      amount: amountsOf(order, amount),
      fundsAccount: rest.fundsAccount ?? 'UNSETTLED',
      requestedWith,
    });
  }

  /** Finds the order of a refund, or one to refund: a single order, or a sub-order of a combine order. @internal */
  orderOf(numbers: OrderNumbers): MockOrder | undefined {
    return this.#orders.find(numbers);
  }

  /** Finds a refund of an owner by either number; `refundId` takes precedence. @internal */
  find({ outRefundNo = '', refundId, subMchid }: RefundNumbers): MockRefund | undefined {
    if (refundId === undefined) return this.#refunds.get(keyOf({ outRefundNo, subMchid }));
    return this.list().find((refund) => refund.refundId === refundId && refund.subMchid === subMchid);
  }

  /** Returns the refunds of an order, the oldest first. @internal */
  of({ outTradeNo, subMchid }: Pick<MockOrder, 'outTradeNo' | 'subMchid'>): readonly MockRefund[] {
    return this.list().filter((refund) => refund.outTradeNo === outTradeNo && refund.subMchid === subMchid);
  }

  /** Returns the oldest refund of the same owner other than the given one. @internal */
  otherThan(numbers: RefundNumbers): MockRefund | undefined {
    const named = this.find(numbers);
    return this.list().find((refund) => refund !== named && refund.subMchid === numbers.subMchid);
  }

  #checkAllowed(order: MockOrder, { refund, total }: RequestedRefund['amount']): void {
    const { outTradeNo, tradeState, successTime } = order;
    if (!isPaid(tradeState)) throw refused('not-paid', `Order "${outTradeNo}" is not paid: ${tradeState}.`);
    if (successTime !== undefined && this.#now() - successTime.getTime() > REFUNDABLE_MS) {
      throw refused('too-old', `Order "${outTradeNo}" was paid more than a year ago.`);
    }
    if (total !== order.amount.total) {
      throw refused('other-total', `Order "${outTradeNo}" has the total ${order.amount.total}.`);
    }
    const earlier = this.of(order).filter(({ status }) => status !== 'CLOSED');
    const left = total - earlier.reduce((sum, { amount }) => sum + amount.refund, 0);
    if (left === 0) throw refused('refunded-in-full', `Order "${outTradeNo}" is refunded in full.`);
    if (refund > left) throw refused('too-much', `Order "${outTradeNo}" has ${left} fen left to refund.`);
    if (earlier.length >= MAX_REFUNDS) {
      throw refused('too-many', `Order "${outTradeNo}" has ${MAX_REFUNDS} refunds already.`);
    }
  }

  #require(ref: MockRefundRef): MockRefund {
    const refund = this.get(ref);
    if (refund !== undefined) return refund;
    const outRefundNo = typeof ref === 'string' ? ref : ref.outRefundNo;
    throw new Error(`There is no refund "${outRefundNo}". Ask for it first.`);
  }

  #save(refund: MockRefund): MockRefund {
    const saved = Object.freeze(refund);
    this.#refunds.set(keyOf(saved), saved);
    return saved;
  }
}

function keyOf({ outRefundNo, subMchid = '' }: { outRefundNo: string; subMchid?: string }): string {
  return `${subMchid}/${outRefundNo}`;
}

/** Splits a refund into the money of the customer and coupons, in the proportion of the payment. */
function amountsOf(order: MockOrder, amount: RequestedRefund['amount']): MockRefund['amount'] {
  const { total, payerTotal = total, currency } = order.amount;
  const payerRefund = Math.round((amount.refund * payerTotal) / total);
  return {
    ...amount,
    payerTotal,
    payerRefund,
    settlementRefund: amount.refund,
    settlementTotal: total,
    discountRefund: amount.refund - payerRefund,
    ...(currency === undefined ? {} : { currency }),
  };
}

function refused(reason: RefundRefusalReason, message: string): RefundRefusal {
  return new RefundRefusal(reason, message);
}

function illegalTransition({ outRefundNo, status }: MockRefund, to: string): Error {
  return new Error(`Refund "${outRefundNo}" cannot become ${to}: it is ${status}.`);
}
