import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { UnpaidSalesService } from '../sales/unpaid-sales.service.js';
import { ADAPTERS } from './support/adapters.js';
import { storeSale } from './support/sell.js';
import { startSample, type Sample } from './support/start-sample.js';

describe.each(ADAPTERS)('sales of the sample on %s', (_name, createAdapter) => {
  let sample: Sample;
  let gateway: MockWxPayGateway;

  beforeAll(async () => {
    sample = await startSample(createAdapter(), { WXPAY_TIMEOUT_MS: '2000' });
    gateway = sample.app.get(MockWxPayGateway);
  });

  afterAll(() => sample.app.close());

  async function place(): Promise<string> {
    const { body } = await sample.post('/sales', { article: 'tea' });
    return (body as { outTradeNo: string }).outTradeNo;
  }

  it('are placed at the price of the shop, unpaid and for half an hour', async () => {
    const { status, body } = await sample.post('/sales', { article: 'cup', quantity: 2, total: 1 });

    expect(status).toBe(201);
    expect(body).toEqual({
      outTradeNo: expect.stringMatching(/^\w{32}$/),
      description: 'Tea cup × 2',
      total: 3998,
      state: 'unpaid',
      expiresAt: expect.any(String),
      refunds: [],
    });
    const minutes = (Date.parse((body as { expiresAt: string }).expiresAt) - Date.now()) / 60_000;
    expect(Math.round(minutes)).toBe(30);
  });

  it('are paid by a QR code, and shipped when WeChat Pay notifies', async () => {
    const outTradeNo = await place();

    const parameters = await sample.post(`/sales/${outTradeNo}/pay-parameters`);
    const payment = await sample.post(`/demo/orders/${outTradeNo}/pay`);

    expect(parameters).toMatchObject({ status: 200, body: { codeUrl: expect.stringMatching(/^weixin:/) } });
    expect(payment.body).toEqual([204]);
    expect((await sample.get(`/sales/${outTradeNo}`)).body).toMatchObject({
      state: 'paid',
      toldBy: 'notification',
    });
    expect(gateway.orders.get(outTradeNo)).toMatchObject({ tradeType: 'NATIVE', amount: { total: 4800 } });
  });

  it('are paid in a mini program, and shipped after a query if the notification is lost', async () => {
    const outTradeNo = await place();

    const { body } = await sample.post(`/sales/${outTradeNo}/pay-parameters`, {
      openid: 'oUpF8uMuAJO_M2pxb1',
    });
    await sample.post(`/demo/orders/${outTradeNo}/pay?notification=lost`);
    const paid = await sample.app.get(UnpaidSalesService).check();

    expect(body).toEqual({
      miniProgram: {
        timeStamp: expect.stringMatching(/^\d+$/),
        nonceStr: expect.any(String),
        package: expect.stringMatching(/^prepay_id=/),
        signType: 'RSA',
        paySign: expect.any(String),
      },
    });
    expect(paid).toEqual([outTradeNo]);
    const { body: sale } = await sample.get(`/sales/${outTradeNo}`);
    expect(sale).toMatchObject({ state: 'paid', toldBy: 'query' });
    expect(JSON.stringify(sale)).not.toContain('openid');
  });

  it('are placed once at WeChat Pay if the reply is lost and the client asks again', async () => {
    const outTradeNo = await place();
    for (let attempt = 0; attempt < 2; attempt++) {
      gateway.next({ fault: 'hang', when: { outTradeNo } });
    }

    const lost = await sample.post(`/sales/${outTradeNo}/pay-parameters`);
    const repeated = await sample.post(`/sales/${outTradeNo}/pay-parameters`);

    expect(lost.status).toBe(504);
    expect(repeated.status).toBe(200);
    expect(gateway.orders.list().filter((order) => order.outTradeNo === outTradeNo)).toHaveLength(1);
  });

  it('cannot be paid in the last minute, nor once they are paid', async () => {
    const createdAt = new Date(Date.now() - 30 * 60_000 + 59_000);
    await storeSale(sample, { outTradeNo: 'ALMOST-OVER', createdAt });
    const outTradeNo = await place();
    await sample.post(`/sales/${outTradeNo}/pay-parameters`);
    await sample.post(`/demo/orders/${outTradeNo}/pay`);

    const late = await sample.post('/sales/ALMOST-OVER/pay-parameters');
    const again = await sample.post(`/sales/${outTradeNo}/pay-parameters`);

    expect(late).toMatchObject({ status: 409, body: { code: 'SALE_EXPIRED' } });
    expect(again).toMatchObject({ status: 409, body: { code: 'SALE_ENDED' } });
    expect(gateway.orders.get('ALMOST-OVER')).toBeUndefined();
  });

  it.each([
    ['/sales', { article: 'gold' }, 'article must be one of tea, cup.'],
    ['/sales', { article: 'tea', quantity: 1.5 }, 'quantity must be a whole number from 1 to 99.'],
    ['/sales', { article: 'tea', quantity: '2' }, 'quantity must be a whole number from 1 to 99.'],
    [
      '/sales/DEMO-SALE/pay-parameters',
      { openid: 'a b' },
      'openid must be 1 to 128 characters of 0-9 A-Z a-z _ -.',
    ],
  ])('refuse POST %s with %j', async (path, body, message) => {
    expect(await sample.post(path, body)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', message },
    });
  });
});
