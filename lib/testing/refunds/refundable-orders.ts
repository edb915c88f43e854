import type { MockCombineOrders } from '../orders/combine-orders.js';
import type { MockCombineOrder, MockCombineSubOrder } from '../orders/mock-combine-order.js';
import type { MockOrder } from '../orders/mock-order.js';
import type { MockOrders, OrderNumbers } from '../orders/orders.js';

/** Part of a combine order, which is refunded under its own numbers. */
interface Part {
  readonly of: MockCombineOrder;
  readonly part: MockCombineSubOrder;
}

/** Orders of a merchant that can be refunded: single ones, and its sub-orders of combine orders. */
export class RefundableOrders {
  readonly #mchid: string;
  readonly #orders: MockOrders;
  readonly #combineOrders: MockCombineOrders;

  constructor(mchid: string, orders: MockOrders, combineOrders: MockCombineOrders) {
    this.#mchid = mchid;
    this.#orders = orders;
    this.#combineOrders = combineOrders;
  }

  /** Finds an order of an owner by either number; `transactionId` takes precedence. */
  find(numbers: OrderNumbers): MockOrder | undefined {
    const part = this.#findPart(numbers);
    return this.#orders.find(numbers) ?? (part && orderOf(part));
  }

  /** Notes that a refund of the order has begun. @throws {Error} if it is not paid */
  refund(order: MockOrder): void {
    const part = this.#orders.find(order) === undefined ? this.#findPart(order) : undefined;
    if (part === undefined) this.#orders.refund(order);
    else this.#combineOrders.refund(part.of.combineOutTradeNo, order.outTradeNo);
  }

  #findPart({ outTradeNo, transactionId, subMchid }: OrderNumbers): Part | undefined {
    return this.#combineOrders
      .list()
      .flatMap((of) => of.subOrders.map((part) => ({ of, part })))
      .find(
        ({ part }) =>
          part.mchid === this.#mchid &&
          part.subMchid === subMchid &&
          (transactionId === undefined
            ? part.outTradeNo === outTradeNo
            : part.transactionId === transactionId),
      );
  }
}

function orderOf({ of: { combineAppid, combinePayerInfo, createdAt }, part }: Part): MockOrder {
  const { amount, subOpenid: _, promotionDetail, ...rest } = part;
  const { totalAmount: total, payerAmount: payerTotal, currency } = amount;
  return {
    ...rest,
    appid: combineAppid ?? '',
    createdAt,
    amount: { total, ...(payerTotal !== undefined && { payerTotal }), currency },
    ...(promotionDetail !== undefined && { promotionDetail }),
    ...(combinePayerInfo !== undefined && { payer: combinePayerInfo }),
  };
}
