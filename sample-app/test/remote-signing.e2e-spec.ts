import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ExpressAdapter } from '@nestjs/platform-express';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { eventually } from '../../test/support/assertions/eventually.js';
import { keylessEnvironment, setEnvironment } from './support/environment.js';
import { SigningService } from './support/signing-service.js';
import { startSample, type Sample } from './support/start-sample.js';

describe('the sample with a signing service', () => {
  let gateway: MockWxPayGateway;
  let service: SigningService;
  let sample: Sample;
  let restoreEnvironment: () => void;

  beforeAll(async () => {
    gateway = await MockWxPayGateway.start();
    gateway.orders.create({ outTradeNo: 'A1', amount: { total: 100 } });
    service = new SigningService(gateway.keys.merchantPrivateKey);
    restoreEnvironment = setEnvironment({
      ...keylessEnvironment(gateway),
      SIGNING_SERVICE_URL: await service.listen(),
      WXPAY_TIMEOUT_MS: '400',
    });
    sample = await startSample(new ExpressAdapter(), process.env);
  });

  afterEach(() => {
    service.conduct = 'sign';
  });

  afterAll(async () => {
    await sample.app.close();
    restoreEnvironment();
    await Promise.all([service.stop(), gateway.stop()]);
  });

  it('queries and closes orders without a private key in the process', async () => {
    const query = await sample.get('/orders/A1');
    const close = await sample.post('/orders/A1/close');

    expect(query).toMatchObject({ status: 200, body: { outTradeNo: 'A1', tradeState: 'NOTPAY' } });
    expect(close).toMatchObject({ status: 204 });
    expect(service.received).toContainEqual({
      serialNo: gateway.keys.merchantSerialNo,
      algorithm: 'WECHATPAY2-SHA256-RSA2048',
      message: expect.stringMatching(/^GET\n\/v3\/pay\/transactions\/out-trade-no\/A1\?mchid=1900000001\n/),
    });
  });

  it('answers 504 in time when the signing service hangs, and hangs up on it', async () => {
    service.conduct = 'hang';
    const startedAt = performance.now();

    const { status, body } = await sample.get('/orders/A1');

    expect(status).toBe(504);
    expect(body).toMatchObject({ code: 'WXPAY_TRANSPORT' });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    await eventually(() => expect(service.abandoned).toBe(1));
  });

  it.each(['fail', 'talk nonsense', 'sign nothing', 'redirect'] as const)(
    'answers 502 when the signing service would %s, and asks WeChat Pay nothing',
    async (conduct) => {
      service.conduct = conduct;
      const asked = gateway.requests.length;

      const { status, body } = await sample.get('/orders/A1');

      expect(status).toBe(502);
      expect(body).toMatchObject({ code: 'WXPAY_TRANSPORT', message: 'WeChat Pay could not be reached.' });
      expect(gateway.requests).toHaveLength(asked);
    },
  );
});
