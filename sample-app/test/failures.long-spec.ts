import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway, type MockBehaviour } from 'nestjs-wxpay/testing';
import { ADAPTERS } from './support/adapters.js';
import { startSample, type Sample } from './support/start-sample.js';

describe.each(ADAPTERS)('failures of WeChat Pay in the sample on %s', (_name, createAdapter) => {
  let sample: Sample;
  let gateway: MockWxPayGateway;

  beforeAll(async () => {
    sample = await startSample(createAdapter(), { WXPAY_TIMEOUT_MS: '300' });
    gateway = sample.app.get(MockWxPayGateway);
  });

  afterAll(() => sample.app.close());

  /** Every attempt at a call for this order goes wrong in the same way. */
  function always(outTradeNo: string, behaviour: MockBehaviour): void {
    for (let attempt = 0; attempt < 10; attempt++) gateway.next({ ...behaviour, when: { outTradeNo } });
  }

  it('answers 504 when WeChat Pay gives no answer in time', async () => {
    always('DEMO-PAID', { fault: 'hang' });

    const { status, body } = await sample.get('/orders/DEMO-PAID');

    expect(status).toBe(504);
    expect(body).toMatchObject({ error: 'Gateway Timeout', code: 'WXPAY_TRANSPORT' });
  });

  it('answers 500, never 401, when WeChat Pay refuses the credentials of the app', async () => {
    always('DEMO-REFUNDED', { status: 401, code: 'SIGN_ERROR', message: '签名错误' });

    const { status, body } = await sample.get('/orders/DEMO-REFUNDED');

    expect(status).toBe(500);
    expect(body).toMatchObject({
      error: 'Internal Server Error',
      code: 'SIGN_ERROR',
      message: 'The payment service is misconfigured.',
    });
  });

  it('is not ready while WeChat Pay refuses a merchant', async () => {
    gateway.next({ status: 403, code: 'NO_AUTH', when: { operation: 'security.echo' } });

    const { status, body } = await sample.get('/health');

    expect(status).toBe(503);
    expect(body).toMatchObject({
      details: {
        'wxpay-default': { status: 'down', reasons: ['permission'] },
        'wxpay-legacy': { status: 'up' },
      },
    });
  });

  it('answers 502 instead of showing an order from an unsigned reply', async () => {
    always('DEMO-CLOSED', { fault: 'unsigned' });

    const { status, body } = await sample.get('/orders/DEMO-CLOSED');

    expect(status).toBe(502);
    expect(body).toMatchObject({ error: 'Bad Gateway', code: 'WXPAY_SIGNATURE' });
  });
});

describe.each(ADAPTERS)('the sample on %s without WeChat Pay', (_name, createAdapter) => {
  let sample: Sample;

  beforeAll(async () => {
    sample = await startSample(createAdapter());
    await sample.app.get(MockWxPayGateway).stop();
  });

  afterAll(() => sample.app.close());

  it.each([
    ['a query', () => sample.get('/orders/DEMO-PAID')],
    ['a close', () => sample.post('/orders/DEMO-UNPAID/close')],
  ])('answers 502 to %s', async (_what, ask) => {
    const { status, body } = await ask();

    expect(status).toBe(502);
    expect(body).toMatchObject({ error: 'Bad Gateway', code: 'WXPAY_TRANSPORT' });
  });

  it('stays alive and ready itself, and says what it lacks', async () => {
    expect(await sample.get('/health/live')).toMatchObject({ status: 200 });
    expect(await sample.get('/health')).toMatchObject({
      status: 200,
      body: { details: { 'wxpay-default': { status: 'up', degraded: true, reasons: ['unreachable'] } } },
    });
  });
});
