import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway, type MockCodePayment } from 'nestjs-wxpay/testing';
import { UnpaidSalesService } from '../sales/unpaid-sales.service.js';
import { ADAPTERS } from './support/adapters.js';
import { storeSale } from './support/sell.js';
import { startSample, type Answer, type Sample } from './support/start-sample.js';

describe.each(ADAPTERS)('the counter of the sample on %s', (_name, createAdapter) => {
  let sample: Sample;
  let gateway: MockWxPayGateway;

  beforeAll(async () => {
    sample = await startSample(createAdapter());
    gateway = sample.app.get(MockWxPayGateway);
  });

  afterAll(() => sample.app.close());

  async function charge(outTradeNo: string, payment?: MockCodePayment): Promise<Answer> {
    await storeSale(sample, { outTradeNo });
    return sample.post(`/sales/${outTradeNo}/charge`, { authCode: gateway.customer.showCode(payment) });
  }

  it('charges the customer who shows a payment code, and hands over the goods', async () => {
    const { status, body } = await charge('CODE-PAID');

    expect(status).toBe(200);
    expect(body).toMatchObject({ outTradeNo: 'CODE-PAID', state: 'paid', toldBy: 'reply' });
    expect(gateway.orders.get('CODE-PAID')).toMatchObject({ tradeType: 'MICROPAY', tradeState: 'SUCCESS' });
  });

  it('waits for the password', async () => {
    const { body } = await charge('CODE-PASSWORD', { password: 'right', afterMs: 100 });

    expect(body).toMatchObject({ state: 'paid' });
  });

  it('says why a payment is refused, and leaves the sale to the sweep', async () => {
    const { status, body } = await charge('CODE-REFUSED', { refusal: 'expired' });

    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).toMatchObject({ code: expect.stringMatching(/EXPIRE/) });
    expect((await sample.get('/sales/CODE-REFUSED')).body).toMatchObject({ state: 'unpaid' });
  });

  it('finds the payment of a QR code that was opened before the code was refused', async () => {
    await storeSale(sample, { outTradeNo: 'CODE-AND-QR' });
    await sample.post('/sales/CODE-AND-QR/pay-parameters');
    const when = { operation: 'order.codePay', outTradeNo: 'CODE-AND-QR' };
    gateway.next({ status: 403, code: 'AUTHCODEEXPIRE', when });
    await sample.post('/sales/CODE-AND-QR/charge', { authCode: gateway.customer.showCode() });
    gateway.orders.pay('CODE-AND-QR');

    await sample.app.get(UnpaidSalesService).check();

    const { body } = await sample.get('/sales/CODE-AND-QR');
    expect(body).toMatchObject({ state: 'paid', toldBy: 'query' });
  });

  it('refuses a code of another wallet, and a sale that is paid', async () => {
    await charge('CODE-TWICE');

    expect(await sample.post('/sales/CODE-TWICE/charge', { authCode: '281234567890123456' })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT' },
    });
    expect(await sample.post('/sales/CODE-TWICE/charge', { authCode: '131234567890123456' })).toMatchObject({
      status: 409,
      body: { code: 'SALE_ENDED' },
    });
  });
});
