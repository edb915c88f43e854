import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ExpressAdapter } from '@nestjs/platform-express';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { UnpaidSalesService } from '../sales/unpaid-sales.service.js';
import { eventually } from '../../test/support/assertions/eventually.js';
import { sell, storeSale } from './support/sell.js';
import { startSample, type Sample } from './support/start-sample.js';

const HALF_AN_HOUR_AGO = { createdAt: new Date(Date.now() - 30 * 60_000) };

describe('unpaid sales of the sample at their expiry', () => {
  let sample: Sample;
  let gateway: MockWxPayGateway;
  let unpaidSales: UnpaidSalesService;

  beforeAll(async () => {
    sample = await startSample(new ExpressAdapter());
    gateway = sample.app.get(MockWxPayGateway);
    unpaidSales = sample.app.get(UnpaidSalesService);
  });

  afterAll(() => sample.app.close());

  async function stateOf(outTradeNo: string): Promise<unknown> {
    const { body } = await sample.get(`/sales/${outTradeNo}`);
    return (body as { state: unknown }).state;
  }

  it('are closed at WeChat Pay and cancelled', async () => {
    await sell(sample, { outTradeNo: 'NOBODY-PAID', ...HALF_AN_HOUR_AGO });

    await unpaidSales.check();

    expect(gateway.orders.get('NOBODY-PAID')).toMatchObject({ tradeState: 'CLOSED' });
    expect(await stateOf('NOBODY-PAID')).toBe('cancelled');
  });

  it('are left alone before', async () => {
    await sell(sample, { outTradeNo: 'STILL-TIME' });

    await unpaidSales.check();

    expect(gateway.orders.get('STILL-TIME')).toMatchObject({ tradeState: 'NOTPAY' });
    expect(await stateOf('STILL-TIME')).toBe('unpaid');
  });

  it('are shipped if they were paid at the last moment', async () => {
    await sell(sample, { outTradeNo: 'LAST-MOMENT', ...HALF_AN_HOUR_AGO });
    const when = { operation: 'order.close', outTradeNo: 'LAST-MOMENT' };
    gateway.next({ fault: 'pay-during-close', when });

    await unpaidSales.check();

    expect(await stateOf('LAST-MOMENT')).toBe('paid');
  });

  it('are cancelled if the customer never began to pay, and revived by a payment all the same', async () => {
    await storeSale(sample, { outTradeNo: 'NEVER-BEGUN', ...HALF_AN_HOUR_AGO });
    await unpaidSales.check();
    const before = await stateOf('NEVER-BEGUN');
    gateway.orders.create({ outTradeNo: 'NEVER-BEGUN', amount: { total: 100 } });

    await sample.post('/demo/orders/NEVER-BEGUN/pay');

    expect(before).toBe('cancelled');
    expect(await stateOf('NEVER-BEGUN')).toBe('paid');
  });

  it('stay unpaid while WeChat Pay cannot tell, and do not stop the others', async () => {
    await sell(sample, { outTradeNo: 'NO-ANSWER', ...HALF_AN_HOUR_AGO });
    await sell(sample, { outTradeNo: 'AFTER-IT', ...HALF_AN_HOUR_AGO });
    for (let attempt = 0; attempt < 10; attempt++) {
      gateway.next({ status: 403, code: 'RULE_LIMIT', when: { outTradeNo: 'NO-ANSWER' } });
    }

    await unpaidSales.check();

    expect(await stateOf('NO-ANSWER')).toBe('unpaid');
    expect(await stateOf('AFTER-IT')).toBe('cancelled');
  });

  it('are reversed if they were paid with a payment code, which cannot be closed', async () => {
    await sell(sample, { outTradeNo: 'AT-THE-COUNTER', ...HALF_AN_HOUR_AGO }, { tradeType: 'MICROPAY' });
    gateway.orders.setState('AT-THE-COUNTER', 'USERPAYING');

    await unpaidSales.check();

    expect(gateway.orders.get('AT-THE-COUNTER')).toMatchObject({ tradeState: 'REVOKED' });
    expect(await stateOf('AT-THE-COUNTER')).toBe('cancelled');
  });
});

describe('the timer of the sample', () => {
  it('queries unpaid sales, and settles those that have expired', async () => {
    const sample = await startSample(new ExpressAdapter(), { CHECK_INTERVAL_MS: '20' });
    await sell(sample, { outTradeNo: 'LOST' });
    await sample.post('/demo/orders/LOST/pay?notification=lost');

    await eventually(async () => {
      expect((await sample.get('/sales/LOST')).body).toMatchObject({ state: 'paid', toldBy: 'query' });
      expect((await sample.get('/sales/DEMO-EXPIRED')).body).toMatchObject({ state: 'cancelled' });
    });
    await sample.app.close();
  });
});
