import { Injectable } from '@nestjs/common';
import { reconcile, WxPayMerchants, type Discrepancy, type ShopOrder } from 'nestjs-wxpay';
import { SalesStore, type Sale } from '../sales/sales-store.js';

const DAY_MS = 24 * 3_600_000;

/** Compares what WeChat Pay took in and paid back with what the shop knows. */
@Injectable()
export class BillsService {
  constructor(
    private readonly store: SalesStore,
    private readonly merchants: WxPayMerchants,
  ) {}

  /**
   * Downloads the bill of a day, and compares it with the sales of the shop.
   *
   * @param date a day in Beijing, `YYYY-MM-DD`; its bill is ready the day after, from 10:00 on
   * @throws {WxPayError} if there is no bill yet, or it cannot be verified
   */
  async *reconcile(date: string): AsyncIterable<Discrepancy> {
    const { name, bills } = this.merchants.get();
    const from = new Date(`${date}T00:00:00+08:00`);
    const to = new Date(from.getTime() + DAY_MS);
    await using bill = await bills.trade({ date });
    yield* reconcile(bill, {
      find: async (outTradeNos) => (await this.store.findMany(name, outTradeNos)).map(toShopOrder),
      paidOrders: toShopOrders(this.store.paidBetween(name, from, to)),
    });
  }
}

async function* toShopOrders(sales: AsyncIterable<Sale>): AsyncIterable<ShopOrder> {
  for await (const sale of sales) yield toShopOrder(sale);
}

function toShopOrder({ outTradeNo, subMchid, total, payment, refunds = [] }: Sale): ShopOrder {
  const refunded = refunds.reduce((sum, { amount }) => sum + amount, 0);
  return { outTradeNo, subMchid, total, refunded, state: payment === undefined ? 'unpaid' : 'paid' };
}
