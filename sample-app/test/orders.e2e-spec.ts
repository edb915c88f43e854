import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { DEMO_TRANSACTION_ID } from '../demo/demo-gateway.js';
import { ADAPTERS } from './support/adapters.js';
import { startSample, type Sample } from './support/start-sample.js';

describe.each(ADAPTERS)('orders of the sample on %s', (_name, createAdapter) => {
  let sample: Sample;
  let gateway: MockWxPayGateway;

  beforeAll(async () => {
    sample = await startSample(createAdapter());
    gateway = sample.app.get(MockWxPayGateway);
  });

  afterAll(() => sample.app.close());

  it('lists the demo orders, of which some are unpaid', async () => {
    const { status, body } = await sample.get('/orders');

    expect(status).toBe(200);
    expect(body).toEqual(
      expect.arrayContaining([expect.objectContaining({ outTradeNo: 'DEMO-UNPAID', tradeState: 'NOTPAY' })]),
    );
  });

  it.each([
    ['DEMO-UNPAID', 'NOTPAY'],
    ['DEMO-UNPAID-BARE', 'NOTPAY'],
    ['DEMO-PAID', 'SUCCESS'],
    ['DEMO-REFUNDED', 'REFUND'],
    ['DEMO-CLOSED', 'CLOSED'],
    ['DEMO-PAYING', 'USERPAYING'],
  ])('shows %s as %s', async (outTradeNo, tradeState) => {
    const { status, body } = await sample.get(`/orders/${outTradeNo}`);

    expect(status).toBe(200);
    expect(body).toMatchObject({ outTradeNo, tradeState });
  });

  it('shows of a paid order when and how much in fen, but not who', async () => {
    const { body } = await sample.get('/orders/DEMO-PAID');

    expect(body).toEqual({
      outTradeNo: 'DEMO-PAID',
      transactionId: DEMO_TRANSACTION_ID,
      tradeState: 'SUCCESS',
      tradeType: 'JSAPI',
      amount: { total: 1999, payerTotal: 1499, currency: 'CNY' },
      successTime: '2026-01-01T04:00:00.000Z',
    });
    expect(gateway.orders.get('DEMO-PAID')?.payer?.openid).toBeDefined();
  });

  it('finds a paid order by the number of WeChat', async () => {
    const { status, body } = await sample.get(`/orders/by-transaction/${DEMO_TRANSACTION_ID}`);

    expect(status).toBe(200);
    expect(body).toMatchObject({ outTradeNo: 'DEMO-PAID', tradeState: 'SUCCESS' });
  });

  it('closes an unpaid order, once and again, and then shows it as CLOSED', async () => {
    gateway.orders.create({ outTradeNo: 'TO-CLOSE', amount: { total: 1 } });

    const first = await sample.post('/orders/TO-CLOSE/close');
    const second = await sample.post('/orders/TO-CLOSE/close');
    const { body } = await sample.get('/orders/TO-CLOSE');

    expect(first).toMatchObject({ status: 204, body: '' });
    expect(second).toMatchObject({ status: 204, body: '' });
    expect(body).toMatchObject({ tradeState: 'CLOSED' });
  });

  it.each([
    ['DEMO-PAID', 'ORDER_PAID', 'SUCCESS'],
    ['DEMO-REFUNDED', 'ORDER_PAID', 'REFUND'],
    ['DEMO-PAYING', 'TRADE_ERROR', 'USERPAYING'],
  ])('refuses to close %s with 409 %s', async (outTradeNo, code, tradeState) => {
    const { status, body } = await sample.post(`/orders/${outTradeNo}/close`);

    expect(status).toBe(409);
    expect(body).toMatchObject({ statusCode: 409, error: 'Conflict', code });
    expect(gateway.orders.get(outTradeNo)).toMatchObject({ tradeState });
  });

  it('answers 404 for an order that does not exist, under either number and to a close', async () => {
    const answers = [
      await sample.get('/orders/NO-SUCH-ORDER'),
      await sample.get('/orders/by-transaction/4200000000000000000000000000'),
      await sample.post('/orders/NO-SUCH-ORDER/close'),
    ];

    for (const { status, body } of answers) {
      expect(status).toBe(404);
      expect(body).toMatchObject({ statusCode: 404, error: 'Not Found', code: 'ORDER_NOT_EXIST' });
    }
  });

  it.each([
    ['too long', `/orders/${'A'.repeat(33)}`, 'outTradeNo'],
    ['with a blank', '/orders/A%20B', 'outTradeNo'],
    ['with a query inside', '/orders/A%3Fmchid=1', 'outTradeNo'],
    ['that climbs out of its path', '/orders/..%2F..%2Frefund', 'outTradeNo'],
    ['with a character WeChat does not use', '/orders/by-transaction/42*', 'transactionId'],
  ])('refuses a number %s with 400, without a request to WeChat Pay', async (_what, path, field) => {
    const asked = gateway.requests.length;

    const { status, body } = await sample.get(path);

    expect(status).toBe(400);
    expect(body).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      code: 'INVALID_INPUT',
      message: expect.stringMatching(new RegExp(`^${field} must be 1 to 32 characters of `)),
    });
    expect(gateway.requests).toHaveLength(asked);
  });

  it('refuses to close an order whose number climbs out of its path', async () => {
    const asked = gateway.requests.length;

    const { status, body } = await sample.post('/orders/..%2F..%2Frefund/close');

    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('outTradeNo') });
    expect(gateway.requests).toHaveLength(asked);
  });
});
