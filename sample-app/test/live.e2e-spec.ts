import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ExpressAdapter } from '@nestjs/platform-express';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { keylessEnvironment, legacyEnvironment, setEnvironment } from './support/environment.js';
import { startSample, type Sample } from './support/start-sample.js';

describe('the sample with a merchant', () => {
  let gateway: MockWxPayGateway;
  let sample: Sample;
  let restoreEnvironment: () => void;

  beforeAll(async () => {
    gateway = await MockWxPayGateway.start();
    gateway.orders.create({ outTradeNo: 'A1', amount: { total: 100 } });
    restoreEnvironment = setEnvironment({
      ...keylessEnvironment(gateway),
      WXPAY_PRIVATE_KEY: gateway.keys.merchantPrivateKey,
    });
    sample = await startSample(new ExpressAdapter(), process.env);
  });

  afterAll(async () => {
    restoreEnvironment();
    await gateway.stop();
    // Last, because there is no sample if it did not start.
    await sample.app.close();
  });

  it('shows the orders of that merchant', async () => {
    const { status, body } = await sample.get('/orders/A1');

    expect(status).toBe(200);
    expect(body).toMatchObject({ outTradeNo: 'A1', tradeState: 'NOTPAY' });
  });

  it('has no second merchant where none is configured', async () => {
    expect(await sample.get('/legacy/orders/A1')).toMatchObject({ status: 404 });
    expect(gateway.requests.map(({ path }) => path)).not.toContain('/pay/orderquery');
  });

  it('says that it is live', async () => {
    expect(await sample.get('/health/live')).toMatchObject({
      status: 200,
      body: { status: 'ok', mode: 'live' },
    });
  });

  it('has no list of orders, and does not document one', async () => {
    const list = await sample.get('/orders');
    const { body } = await sample.get('/docs-json');

    expect(list).toMatchObject({ status: 404 });
    expect(Object.keys((body as { readonly paths: object }).paths)).not.toContain('/orders');
  });
});

describe('the sample with a second merchant of APIv2', () => {
  let gateway: MockWxPayGateway;
  let sample: Sample;
  let restoreEnvironment: () => void;

  beforeAll(async () => {
    gateway = await MockWxPayGateway.start();
    restoreEnvironment = setEnvironment({
      ...keylessEnvironment(gateway),
      ...legacyEnvironment(gateway),
      WXPAY_PRIVATE_KEY: gateway.keys.merchantPrivateKey,
    });
    sample = await startSample(new ExpressAdapter(), process.env);
  });

  afterAll(async () => {
    restoreEnvironment();
    await gateway.stop();
    // Last, because there is no sample if it did not start.
    await sample.app.close();
  });

  it('shows and closes its orders over APIv2', async () => {
    const createdAt = new Date(Date.now() - 300_000);
    gateway.orders.create({ outTradeNo: 'L1', amount: { total: 100 }, createdAt });

    const before = await sample.get('/legacy/orders/L1');
    const close = await sample.post('/legacy/orders/L1/close');
    const after = await sample.get('/legacy/orders/L1');

    expect(before).toMatchObject({ status: 200, body: { outTradeNo: 'L1', tradeState: 'NOTPAY' } });
    expect(close.status).toBe(204);
    expect(after.body).toMatchObject({ tradeState: 'CLOSED' });
    expect(gateway.requests.map(({ path }) => path)).toEqual([
      '/pay/orderquery',
      '/pay/closeorder',
      '/pay/orderquery',
    ]);
  });
});

describe('the sample with half a merchant', () => {
  it('does not start, and names every variable that is missing', async () => {
    const restoreEnvironment = setEnvironment({ WXPAY_MCHID: '1900000001' });

    const start = startSample(new ExpressAdapter(), process.env);

    await expect(start).rejects.toMatchObject({
      code: 'WXPAY_CONFIG',
      faults: [
        expect.stringContaining('WXPAY_SERIAL_NO is not set'),
        expect.stringContaining('WXPAY_PRIVATE_KEY is not set'),
        expect.stringContaining('WXPAY_PUBLIC_KEY_ID is not set'),
        expect.stringContaining('WXPAY_PUBLIC_KEY is not set'),
      ],
    });
    restoreEnvironment();
  });
});
