import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { ADAPTERS } from './support/adapters.js';
import { sell, storeSale } from './support/sell.js';
import { startSample, type Sample } from './support/start-sample.js';

describe.each(ADAPTERS)('the pay page of the sample on %s', (_name, createAdapter) => {
  let sample: Sample;

  beforeAll(async () => {
    sample = await startSample(createAdapter());
  });

  afterAll(() => sample.app.close());

  it('shows what to pay, and the content of the QR code', async () => {
    const outTradeNo = await storeSale(sample, { outTradeNo: 'PAGE-TEA', description: '<b>Tea</b> & "cup"' });

    const { status, contentType, body } = await sample.get(`/sales/${outTradeNo}/page`);

    expect([status, contentType]).toEqual([200, 'text/html; charset=utf-8']);
    expect(body).toContain('<code>weixin://');
    expect(body).toContain('<h1>&#60;b&#62;Tea&#60;/b&#62; &#38; &#34;cup&#34;</h1>');
    expect(body).toContain('<dd>¥1.00</dd>');
    expect(body).toContain('<p role="status">unpaid</p>');
    expect(sample.app.get(MockWxPayGateway).orders.get(outTradeNo)).toMatchObject({ tradeState: 'NOTPAY' });
  });

  it('shows a paid sale without a code', async () => {
    const outTradeNo = await sell(sample, { outTradeNo: 'PAGE-PAID' });
    await sample.post(`/demo/orders/${outTradeNo}/pay`);

    const { body } = await sample.get(`/sales/${outTradeNo}/page`);

    expect(body).toContain('<p role="status">paid</p>');
    expect(body).not.toContain('<code>');
  });

  it('is told of the payment, and ships it, if the notification is lost', async () => {
    const outTradeNo = await sell(sample, { outTradeNo: 'PAGE-WATCHED' });
    await sample.post(`/demo/orders/${outTradeNo}/pay?notification=lost`);

    const { contentType, body } = await sample.get(`/sales/${outTradeNo}/states`);

    expect(contentType).toContain('text/event-stream');
    expect(body).toContain('data: SUCCESS\n');
    expect((await sample.get(`/sales/${outTradeNo}`)).body).toMatchObject({ state: 'paid', toldBy: 'query' });
  });

  it('is told nothing internal if WeChat Pay refuses', async () => {
    const outTradeNo = await sell(sample, { outTradeNo: 'PAGE-REFUSED' });
    sample.app.get(MockWxPayGateway).next({ status: 403, code: 'NO_AUTH', when: { outTradeNo } });

    const { body } = await sample.get(`/sales/${outTradeNo}/states`);

    expect(body).toContain('data: The payment service lacks a permission.\n');
    expect(body).not.toContain('NO_AUTH');
  });

  it.each(['page', 'states'])('is a 404 for an unknown sale: %s', async (route) => {
    expect(await sample.get(`/sales/UNKNOWN/${route}`)).toMatchObject({
      status: 404,
      body: { code: 'SALE_NOT_FOUND' },
    });
  });
});
