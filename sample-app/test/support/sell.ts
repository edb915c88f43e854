import { MockWxPayGateway, type NewMockOrder } from 'nestjs-wxpay/testing';
import { SalesStore, type Sale } from '../../sales/sales-store.js';
import type { Sample } from './start-sample.js';

/** Sells something for 100 fen, paid to the default merchant within half an hour unless told otherwise. */
export async function storeSale(
  { app }: Sample,
  sale: Partial<Sale> & Pick<Sale, 'outTradeNo'>,
): Promise<string> {
  const { createdAt = new Date() } = sale;
  const expiresAt = new Date(createdAt.getTime() + 30 * 60_000);
  const terms = { merchant: 'default', description: 'Tea', total: 100, createdAt, expiresAt };
  await app.get(SalesStore).place({ ...terms, ...sale });
  return sale.outTradeNo;
}

/** The same, with its order at WeChat Pay; what WeChat Pay was asked to collect may differ. */
export async function sell(
  sample: Sample,
  sale: Partial<Sale> & Pick<Sale, 'outTradeNo'>,
  order: Partial<NewMockOrder> = {},
): Promise<string> {
  const outTradeNo = await storeSale(sample, sale);
  const { createdAt } = sale;
  sample.app.get(MockWxPayGateway).orders.create({ outTradeNo, amount: { total: 100 }, createdAt, ...order });
  return outTradeNo;
}
