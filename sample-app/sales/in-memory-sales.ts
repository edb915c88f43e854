import { Injectable } from '@nestjs/common';
import { SalesStore, type Payment, type PaymentOutcome, type Sale } from './sales-store.js';

/** Sales in the memory of one process, lost with it: for the sample only. */
@Injectable()
export class InMemorySales extends SalesStore {
  readonly #sales = new Map<string, Sale>();

  override async place(sale: Sale): Promise<void> {
    this.#sales.set(sale.outTradeNo, sale);
  }

  override async find(outTradeNo: string): Promise<Sale | undefined> {
    return this.#sales.get(outTradeNo);
  }

  override async *unpaid(): AsyncIterable<Sale> {
    for (const sale of this.#sales.values()) if (sale.payment === undefined) yield sale;
  }

  override async payOnce(outTradeNo: string, payment: Payment): Promise<PaymentOutcome> {
    // Nothing is awaited from here on, so nobody comes between looking and writing.
    const sale = this.#sales.get(outTradeNo);
    if (sale === undefined) return 'unknown-sale';
    if (sale.total !== payment.total) return 'wrong-amount';
    if (sale.payment !== undefined) return 'known';
    this.#sales.set(outTradeNo, { ...sale, payment });
    return 'new';
  }
}
