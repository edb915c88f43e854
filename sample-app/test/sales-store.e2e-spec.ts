import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithPostgres, usePostgres } from '../../test/support/servers/postgres.js';
import { InMemorySales } from '../sales/in-memory-sales.js';
import { PostgresSales } from '../sales/postgres-sales.js';
import type { Payment, Sale, SalesStore } from '../sales/sales-store.js';

const AT = new Date('2026-01-01T12:00:00.123Z');
const PAYMENT: Payment = {
  total: 100,
  transactionId: '4200000000202601010000000001',
  paidAt: AT,
  isRefunded: false,
  toldBy: 'query',
};
const REFUND = { outRefundNo: 'R-1', amount: 40, status: 'REQUESTED' } as const;

const saleOf = (outTradeNo: string, more: Partial<Sale> = {}): Sale => ({
  merchant: 'default',
  outTradeNo,
  description: 'Tea',
  total: 100,
  createdAt: AT,
  expiresAt: new Date(AT.getTime() + 1_800_000),
  ...more,
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** The promises of SalesStore, which every store has to keep. */
function promises(create: () => Promise<SalesStore>): void {
  let store: SalesStore;

  async function place(outTradeNo: string, more?: Partial<Sale>): Promise<Sale> {
    const sale = saleOf(outTradeNo, more);
    await store.place(sale);
    return sale;
  }

  beforeAll(async () => {
    store = await create();
  });

  it('finds a sale as it was placed', async () => {
    const sale = await place('S1', {
      subMchid: '1900000109',
      combineOutTradeNo: 'C1',
      partMchid: '1900000001',
    });

    expect(await store.find('S1')).toMatchObject(sale);
    expect(await store.cart('C1')).toHaveLength(1);
    expect(await store.findMany('default', ['S1', 'NONE'])).toHaveLength(1);
    expect(await store.find('NONE')).toBeUndefined();
  });

  it('takes one of several payments at the same time as new', async () => {
    const sale = await place('S2');

    const outcomes = await Promise.all(Array.from({ length: 8 }, () => store.payOnce(sale, PAYMENT)));

    expect(outcomes.toSorted((a, b) => a.localeCompare(b))).toEqual([
      ...Array<string>(7).fill('known'),
      'new',
    ]);
    expect((await store.find('S2'))?.payment).toEqual(PAYMENT);
    expect(await all(store.paidBetween('default', AT, new Date(AT.getTime() + 1)))).toHaveLength(1);
    expect(await all(store.paidBetween('default', new Date(0), AT))).toEqual([]);
  });

  it('takes no payment of another amount, currency, merchant or sub-merchant', async () => {
    const sale = await place('S3');

    const outcomes = [
      await store.payOnce(sale, { ...PAYMENT, total: 99 }),
      await store.payOnce(sale, { ...PAYMENT, currency: 'USD' }),
      await store.payOnce({ ...sale, merchant: 'eu' }, PAYMENT),
      await store.payOnce({ ...sale, subMchid: '1900000109' }, PAYMENT),
    ];

    expect(outcomes).toEqual(['wrong-amount', 'wrong-amount', 'unknown-sale', 'unknown-sale']);
  });

  it('takes no payment of a cart part whose merchant alone differs', async () => {
    const part = { outTradeNo: 'S3-PART', combineOutTradeNo: 'C3' };
    const paid = saleOf(part.outTradeNo, { ...part, partMchid: '1900000001' });
    const other = { ...paid, partMchid: '1900000002' };
    await store.place(paid);

    const outcomes = [
      await store.payOnce(other, PAYMENT),
      await store.payOnce(saleOf(part.outTradeNo), PAYMENT),
    ];
    await store.place(other);
    outcomes.push(await store.payOnce(paid, PAYMENT));

    expect(outcomes).toEqual(['unknown-sale', 'unknown-sale', 'new']);
    const sales = await store.findMany('default', [part.outTradeNo]);
    expect(sales.filter(({ payment }) => payment !== undefined)).toMatchObject([{ partMchid: '1900000001' }]);
    expect(sales).toHaveLength(2);
  });

  it('accepts a payment for a cancelled sale', async () => {
    const sale = await place('S4');
    await store.cancel(sale);
    const cancelled = await store.find('S4');

    const outcome = await store.payOnce(sale, PAYMENT);

    expect(cancelled).toMatchObject({ isCancelled: true });
    expect(outcome).toBe('new');
    expect(await store.find('S4')).toMatchObject({ isCancelled: false, payment: PAYMENT });
  });

  it('does not cancel a paid sale', async () => {
    const sale = await place('S4-PAID');
    await store.payOnce(sale, PAYMENT);

    await store.cancel(sale);

    expect(await store.find('S4-PAID')).toMatchObject({ isCancelled: false, payment: PAYMENT });
  });

  it('lists the open sales, and carts apart from them', async () => {
    await place('OPEN');
    await place('OPEN-PART', { combineOutTradeNo: 'OPEN-CART', partMchid: '1900000001' });
    await store.cancel(await place('ENDED'));

    const open = (await all(store.unpaid())).map(({ outTradeNo }) => outTradeNo);

    expect(open).toContain('OPEN');
    expect(open).not.toContain('OPEN-PART');
    expect(open).not.toContain('ENDED');
    expect(await all(store.unpaidCarts('default'))).toContain('OPEN-CART');
  });

  it('lists more sales than fit a page, each once', async () => {
    const numbers = Array.from({ length: 501 }, (_, i) => `MANY-${i}`);
    await Promise.all(numbers.map((outTradeNo) => place(outTradeNo)));

    const listed = (await all(store.unpaid())).map(({ outTradeNo }) => outTradeNo);

    expect(listed.filter((outTradeNo) => outTradeNo.startsWith('MANY-'))).toHaveLength(501);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('stores a refund once under its number, and keeps its final status', async () => {
    const sale = await place('S5');

    const first = await store.addRefund(sale, REFUND);
    const second = await store.addRefund(sale, { ...REFUND, amount: 50 });
    const open = await all(store.openRefunds());
    await store.updateRefund(sale, 'R-1', 'SUCCESS');
    await store.updateRefund(sale, 'R-1', 'PROCESSING');

    expect([first, second]).toEqual([REFUND, REFUND]);
    expect(open).toMatchObject([{ sale: { outTradeNo: 'S5' }, refund: REFUND }]);
    expect((await store.find('S5'))?.refunds).toEqual([{ ...REFUND, status: 'SUCCESS' }]);
    expect(await all(store.openRefunds())).toEqual([]);
  });
}

describe('InMemorySales', () => promises(async () => new InMemorySales()));

describeWithPostgres('PostgresSales', () => {
  const opened: PostgresSales[] = [];
  // Before the server stops.
  afterAll(() => Promise.all(opened.map((store) => store.onApplicationShutdown())));
  const postgres = usePostgres();

  promises(async () => {
    const store = await PostgresSales.open(postgres.url);
    opened.push(store);
    return store;
  });
});
