import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { beijingDay, BillsTimer, msUntilReady } from '../bills/bills-timer.js';
import { ADAPTERS } from './support/adapters.js';
import { sell, storeSale } from './support/sell.js';
import { startSample, type Sample } from './support/start-sample.js';

const DAY_MS = 24 * 3_600_000;

describe.each(ADAPTERS)('bills of the sample on %s', (_name, createAdapter) => {
  const paidAt = new Date(Date.now() - 3 * DAY_MS);
  const date = beijingDay(paidAt);
  let sample: Sample;
  let gateway: MockWxPayGateway;

  beforeAll(async () => {
    sample = await startSample(createAdapter());
    gateway = sample.app.get(MockWxPayGateway);
    const payment = { total: 100, transactionId: '42', paidAt, isRefunded: false, toldBy: 'query' as const };
    await sell(sample, { outTradeNo: 'KNOWN', payment });
    await sell(sample, { outTradeNo: 'NOT-NOTED' });
    await sell(sample, { outTradeNo: 'OTHER-PRICE', payment }, { amount: { total: 99 } });
    gateway.orders.create({ outTradeNo: 'STRANGER', amount: { total: 7 } });
    for (const outTradeNo of ['KNOWN', 'NOT-NOTED', 'OTHER-PRICE', 'STRANGER']) {
      gateway.orders.pay(outTradeNo, { at: paidAt });
    }
    await storeSale(sample, { outTradeNo: 'NOT-BILLED', payment });
  });

  afterAll(() => sample.app.close());

  it('are compared with the sales of the shop', async () => {
    const { status, body } = await sample.get(`/bills/${date}/discrepancies`);

    expect(status).toBe(200);
    expect(body).toEqual([
      { kind: 'state', outTradeNo: 'NOT-NOTED', billAmount: 100, shopTotal: 100 },
      { kind: 'amount', outTradeNo: 'OTHER-PRICE', billAmount: 99, shopTotal: 100 },
      { kind: 'missing-in-shop', outTradeNo: 'STRANGER', billAmount: 7 },
      { kind: 'missing-in-bill', outTradeNo: 'NOT-BILLED', shopTotal: 100 },
    ]);
  });

  it('are reconciled by the timer the day after', async () => {
    expect(await sample.app.get(BillsTimer).run(new Date(paidAt.getTime() + DAY_MS))).toBe(4);
  });

  it.each(['2026-13-01', '2026-02-30', 'yesterday'])('refuse the day %s', async (day) => {
    expect(await sample.get(`/bills/${day}/discrepancies`)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', message: 'date must be a day, such as 2026-11-28.' },
    });
  });

  it('refuse a day that has not ended', async () => {
    expect(await sample.get(`/bills/${beijingDay(new Date())}/discrepancies`)).toMatchObject({ status: 400 });
  });
});

describe('the time until the next bill', () => {
  it.each([
    ['2026-11-29T01:00:00Z', 1],
    ['2026-11-29T02:00:00Z', 24],
    ['2026-11-29T03:00:00Z', 23],
    ['2026-11-28T20:00:00Z', 6],
  ])('is at %s %i hours', (now, hours) => {
    expect(msUntilReady(new Date(now))).toBe(hours * 3_600_000);
  });
});
