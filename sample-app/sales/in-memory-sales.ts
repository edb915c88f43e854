import { Injectable } from '@nestjs/common';
import { orderKey } from 'nestjs-wxpay';
import { SalesStore, type Payment, type PaymentOutcome, type Sale, type SaleNumbers } from './sales-store.js';

/** The shop sells in yuan only. */
const CURRENCY = 'CNY';

/**
 * Sales in the memory of one process, lost with it: for the sample only. The shop numbers them itself, so that no two have
 * the same number, whichever merchant they are paid to.
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

  override async *unpaid(merchant: string): AsyncIterable<Sale> {
    for (const sale of this.#sales.values()) {
      if (sale.merchant === merchant && sale.payment === undefined) yield sale;
    }
  }

  override async payOnce(numbers: SaleNumbers, payment: Payment): Promise<PaymentOutcome> {
    // Nothing is awaited from here on, so nobody comes between looking and writing.
    const key = keyOf(numbers);
    const sale = this.#sales.get(key);
    if (sale === undefined) return 'unknown-sale';
    const { total, currency = CURRENCY } = payment;
    if (total !== sale.total || currency !== CURRENCY) return 'wrong-amount';
    if (sale.payment !== undefined) return 'known';
    this.#sales.set(key, { ...sale, payment });
    return 'new';
  }
}

/** A payment is applied to the sale of the merchant, and the sub-merchant, that was paid, and to no other. */
function keyOf({ merchant, ...order }: SaleNumbers): string {
  return orderKey(merchant, order);
}
