import { Injectable } from '@nestjs/common';
import { SalesStore, type Payment, type PaymentOutcome, type Sale } from './sales-store.js';

/**
 * Sales in the memory of one process, lost with it: for the sample only. The shop numbers them itself, so that no two have
 * the same number, whichever merchant they are paid to.
 */
@Injectable()
export class InMemorySales extends SalesStore {
  readonly #sales = new Map<string, Sale>();

  override async place(sale: Sale): Promise<void> {
    this.#sales.set(sale.outTradeNo, sale);
  }

  override async find(outTradeNo: string): Promise<Sale | undefined> {
    return this.#sales.get(outTradeNo);
  }

  override async *unpaid(merchant: string): AsyncIterable<Sale> {
    for (const sale of this.#sales.values())
      if (sale.merchant === merchant && sale.payment === undefined) yield sale;
  }

  override async payOnce(
    { merchant, outTradeNo }: Pick<Sale, 'merchant' | 'outTradeNo'>,
    payment: Payment,
  ): Promise<PaymentOutcome> {
    // Nothing is awaited from here on, so nobody comes between looking and writing.
    const sale = this.#sales.get(outTradeNo);
    if (sale?.merchant !== merchant) return 'unknown-sale';
    if (sale.total !== payment.total) return 'wrong-amount';
    if (sale.payment !== undefined) return 'known';
    this.#sales.set(outTradeNo, { ...sale, payment });
    return 'new';
  }
}
