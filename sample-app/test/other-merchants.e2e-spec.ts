import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { DEMO_SUB_MCHID } from '../demo/demo-gateway.js';
import { ADAPTERS } from './support/adapters.js';
import { startSample, type Sample } from './support/start-sample.js';

describe.each(ADAPTERS)('the other merchants of the sample on %s', (_name, createAdapter) => {
  let sample: Sample;
  let gateway: MockWxPayGateway;

  beforeAll(async () => {
    sample = await startSample(createAdapter());
    gateway = sample.app.get(MockWxPayGateway);
  });

  afterAll(() => sample.app.close());

  it('show the same order over APIv2 as over APIv3', async () => {
    const overV3 = await sample.get('/orders/DEMO-PAID');
    const overV2 = await sample.get('/legacy/orders/DEMO-PAID');

    expect(overV2).toEqual(overV3);
    expect(gateway.requests.at(-1)?.path).toBe('/pay/orderquery');
  });

  it('close an order over APIv2, which APIv3 then shows as closed', async () => {
    const createdAt = new Date(Date.now() - 300_000);
    gateway.orders.create({ outTradeNo: 'OVER-V2', amount: { total: 1 }, createdAt });

    const { status } = await sample.post('/legacy/orders/OVER-V2/close');

    expect(status).toBe(204);
    expect((await sample.get('/orders/OVER-V2')).body).toMatchObject({ tradeState: 'CLOSED' });
  });

  it.each([
    ['404 for a missing order', 'get', '/legacy/orders/NONE', 404, 'ORDER_NOT_EXIST'],
    ['409 for closing a paid one', 'post', '/legacy/orders/DEMO-PAID/close', 409, 'ORDER_PAID'],
  ] as const)('answer %s over APIv2, too', async (_case, method, path, status, code) => {
    const answer = await sample[method](path);

    expect(answer).toMatchObject({ status, body: { code } });
  });

  it('show and close the order of a sub-merchant', async () => {
    const path = `/sub-merchants/${DEMO_SUB_MCHID}/orders/DEMO-PARTNER`;

    const before = await sample.get(path);
    const close = await sample.post(`${path}/close`);
    const after = await sample.get(path);

    expect(before).toMatchObject({ status: 200, body: { outTradeNo: 'DEMO-PARTNER', tradeState: 'NOTPAY' } });
    expect(close.status).toBe(204);
    expect(after.body).toMatchObject({ tradeState: 'CLOSED' });
  });

  it('keep the orders of a sub-merchant apart', async () => {
    expect((await sample.get('/orders/DEMO-PARTNER')).status).toBe(404);
    expect((await sample.get(`/sub-merchants/${DEMO_SUB_MCHID}/orders/DEMO-PAID`)).status).toBe(404);
    expect((await sample.get('/sub-merchants/x/orders/DEMO-PARTNER')).status).toBe(400);
  });
});
