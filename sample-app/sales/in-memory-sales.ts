import { Injectable } from '@nestjs/common';
import { orderKey, type RefundStatus } from 'nestjs-wxpay';
import {
  SalesStore,
  type Payment,
  type PaymentOutcome,
  type Sale,
  type SaleNumbers,
  type SaleRefund,
} from './sales-store.js';

/** The shop sells in yuan only. */
const CURRENCY = 'CNY';
const OPEN: readonly string[] = ['REQUESTED', 'PROCESSING'];

/**
 * Sales in the memory of one process, lost with it: for the sample only. No method awaits between reading and writing, so that
 * each is atomic.
 */
@Injectable()
export class InMemorySales extends SalesStore {
  readonly #sales = new Map<string, Sale>();

  override async place(sale: Sale): Promise<void> {
    this.#sales.set(keyOf(sale), sale);
  }

  override async find(outTradeNo: string): Promise<Sale | undefined> {
    return [...this.#sales.values()].find((sale) => sale.outTradeNo === outTradeNo);
  }

  override async findMany(merchant: string, outTradeNos: readonly string[]): Promise<readonly Sale[]> {
    return this.#of(merchant).filter(({ outTradeNo }) => outTradeNos.includes(outTradeNo));
  }

  override async *paidBetween(merchant: string, from: Date, to: Date): AsyncIterable<Sale> {
    for (const sale of this.#of(merchant)) {
      const { paidAt } = sale.payment ?? {};
      if (paidAt !== undefined && paidAt >= from && paidAt < to) yield sale;
    }
  }

  override async cart(combineOutTradeNo: string): Promise<readonly Sale[]> {
    return [...this.#sales.values()].filter((sale) => sale.combineOutTradeNo === combineOutTradeNo);
  }

  override async *unpaid(): AsyncIterable<Sale> {
    for (const sale of this.#sales.values()) {
      if (isOpen(sale) && sale.combineOutTradeNo === undefined) yield sale;
    }
  }

  override async *unpaidCarts(merchant: string): AsyncIterable<string> {
    const open = this.#of(merchant).filter(isOpen);
    for (const cart of new Set(open.map(({ combineOutTradeNo }) => combineOutTradeNo))) {
      if (cart !== undefined) yield cart;
    }
  }

  override async payOnce(numbers: SaleNumbers, payment: Payment): Promise<PaymentOutcome> {
    const sale = this.#sales.get(keyOf(numbers));
    if (sale === undefined) return 'unknown-sale';
    const { total, currency = CURRENCY } = payment;
    if (total !== sale.total || currency !== CURRENCY) return 'wrong-amount';
    if (sale.payment !== undefined) return 'known';
    this.#change(sale, { payment, isCancelled: false });
    return 'new';
  }

  override async cancel(numbers: SaleNumbers): Promise<void> {
    const sale = this.#sales.get(keyOf(numbers));
    if (sale !== undefined && sale.payment === undefined) this.#change(sale, { isCancelled: true });
  }

  override async addRefund(numbers: SaleNumbers, refund: SaleRefund): Promise<SaleRefund> {
    const sale = this.#sales.get(keyOf(numbers));
    const refunds = sale?.refunds ?? [];
    const existing = refunds.find(({ outRefundNo }) => outRefundNo === refund.outRefundNo);
    if (existing !== undefined) return existing;
    if (sale !== undefined) this.#change(sale, { refunds: [...refunds, refund] });
    return refund;
  }

  override async updateRefund(
    numbers: SaleNumbers,
    outRefundNo: string,
    status: RefundStatus,
  ): Promise<void> {
    const sale = this.#sales.get(keyOf(numbers));
    if (sale === undefined) return;
    const refunds = (sale.refunds ?? []).map((refund) => {
      const isLate = status === 'PROCESSING' && refund.status !== 'REQUESTED';
      return refund.outRefundNo !== outRefundNo || isLate ? refund : { ...refund, status };
    });
    this.#change(sale, { refunds });
  }

  override async *openRefunds(): AsyncIterable<{ readonly sale: Sale; readonly refund: SaleRefund }> {
    for (const sale of this.#sales.values()) {
      for (const refund of sale.refunds ?? []) if (OPEN.includes(refund.status)) yield { sale, refund };
    }
  }

  #of(merchant: string): readonly Sale[] {
    return [...this.#sales.values()].filter((sale) => sale.merchant === merchant);
  }

  #change(sale: Sale, changes: Partial<Sale>): void {
    this.#sales.set(keyOf(sale), { ...sale, ...changes });
  }
}

function isOpen({ payment, isCancelled }: Sale): boolean {
  return payment === undefined && !isCancelled;
}

/** A payment is applied to the sale of the merchant, and the sub-merchant, that was paid, and to no other. */
function keyOf({ merchant, partMchid, ...order }: SaleNumbers): string {
  return orderKey(merchant, order, partMchid);
}
