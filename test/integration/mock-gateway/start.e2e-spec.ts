import { afterEach, describe, expect, it } from '@jest/globals';
import { networkInterfaces } from 'node:os';
import { MockWxPayGateway, type MockWxPayGatewayOptions } from 'nestjs-wxpay/testing';
import { selfSignedCertificate } from '../../../lib/testing/keys/self-signed-certificate.js';
import { handSign, isGenuine, QUERY_A1, send } from '../../support/signing/hand-signed-request.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

const started: MockWxPayGateway[] = [];
const merchant = rsaKeys();
const platform = rsaKeys();
const KEYS = {
  merchantPrivateKey: merchant.privatePem,
  merchantSerialNo: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
  platformPrivateKey: platform.privatePem,
  publicKeyId: 'PUB_KEY_ID_0111111111',
  apiV3Key: '0123456789abcdef0123456789abcdef',
  apiV2Key: 'fedcba9876543210fedcba9876543210',
};

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

const start = async (options: MockWxPayGatewayOptions = {}) => {
  const gateway = await MockWxPayGateway.start({ keys: KEYS, ...options });
  started.push(gateway);
  gateway.orders.create({ outTradeNo: 'A1', amount: { total: 100 } });
  return gateway;
};
const query = (gateway: MockWxPayGateway) => send(gateway, handSign(gateway));

afterEach(async () => {
  await Promise.all(started.splice(0).map((gateway) => gateway.stop()));
});

describe('MockWxPayGateway.start', () => {
  it('generates what a merchant would get', async () => {
    const gateway = await start({ keys: {} });

    expect(gateway.keys).toEqual({
      merchantPrivateKey: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----/),
      merchantSerialNo: expect.stringMatching(/^[0-9A-F]{40}$/),
      platformPublicKey: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----/),
      publicKeyId: expect.stringMatching(/^PUB_KEY_ID_01\d{32}$/),
      apiV3Key: expect.stringMatching(/^[0-9a-f]{32}$/),
      apiV2Key: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect((await query(gateway)).status).toBe(200);
  });

  it('keeps the keys given, so that a restart on the same port goes unnoticed', async () => {
    const first = await start();
    await first.stop();

    const second = await start({ port: Number(new URL(first.url).port) });
    const reply = await query(second);

    expect([second.url, second.keys]).toEqual([first.url, first.keys]);
    expect(second.keys).toMatchObject({
      merchantPrivateKey: merchant.privatePem,
      platformPublicKey: platform.publicPem,
    });
    expect(isGenuine(first, reply)).toBe(true);
  });

  it('fails when the port is taken', async () => {
    const { url } = await start();

    const second = MockWxPayGateway.start({ keys: KEYS, port: Number(new URL(url).port) });

    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it.each([
    ['127.0.0.1', 'http://127.0.0.1:'],
    ['0.0.0.0', 'http://127.0.0.1:'],
    ...(hasIpv6 ? [['::1', 'http://[::1]:'] as const] : []),
  ])('listens on %s, reached at %s', async (host, origin) => {
    const gateway = await start({ host });

    expect(gateway.url.startsWith(origin)).toBe(true);
    expect((await query(gateway)).status).toBe(200);
  });

  it('serves the merchant and appid given', async () => {
    const gateway = await start({ mchid: '1230000109', appid: 'wx1' });

    const path = QUERY_A1.replace('1900000001', '1230000109');
    const reply = await send(gateway, handSign(gateway, { mchid: '1230000109', path }));

    expect(JSON.parse(reply.body)).toMatchObject({ mchid: '1230000109', appid: 'wx1' });
    expect(gateway.options().mchid).toBe('1230000109');
  });

  it('serves TLS with the certificate given', async () => {
    const identity = await selfSignedCertificate('127.0.0.1');

    const gateway = await start({ https: identity });

    expect(gateway.certificate).toBe(identity.cert);
    expect((await query(gateway)).status).toBe(200);
  });

  it('makes every answer wait', async () => {
    const waits = [30, 60];
    const [fixed, varying] = [
      await start({ delayMs: 50 }),
      await start({ delayMs: () => waits.shift() ?? 0 }),
    ];

    const [usual, first, second] = [
      await timeOf(() => query(fixed)),
      await timeOf(() => query(varying)),
      await timeOf(() => query(varying)),
    ];

    expect(usual).toBeGreaterThan(45);
    expect(first).toBeGreaterThan(25);
    expect(second).toBeGreaterThan(55);
  });

  it('signs refusals where asked to', async () => {
    const gateway = await start({ signErrors: true });

    const refused = await send(gateway, handSign(gateway, { mchid: '1900000002' }));

    expect(refused.status).toBe(401);
    expect(isGenuine(gateway, refused)).toBe(true);
  });

  it('dates everything by the clock given', async () => {
    const now = Date.UTC(2030, 0, 1);
    const gateway = await start({ now: () => now });

    const reply = await send(gateway, handSign(gateway, { timestamp: now / 1000 }));

    expect(reply.headers['wechatpay-timestamp']).toBe(String(now / 1000));
    expect(gateway.orders.pay('A1').successTime).toEqual(new Date(now));
    expect(gateway.requests[0]?.receivedAt).toEqual(new Date(now));
  });

  it('keeps the newest requests', async () => {
    const gateway = await start({ keepRequests: 2 });

    for (const nonce of ['first', 'second', 'third']) await send(gateway, handSign(gateway, { nonce }));

    const nonces = gateway.requests.map(
      ({ headers }) => /nonce_str="(\w+)"/.exec(headers.authorization ?? '')?.[1],
    );
    expect(nonces).toEqual(['second', 'third']);
  });
});

describe('MockWxPayGateway.options', () => {
  it('lets overrides win', async () => {
    const gateway = await start();

    const options = gateway.options({ timeoutMs: 5, hosts: ['http://127.0.0.1:1'] });

    expect(options).toMatchObject({
      mchid: '1900000001',
      apiV3Key: KEYS.apiV3Key,
      timeoutMs: 5,
      hosts: ['http://127.0.0.1:1'],
    });
    expect(gateway.options().hosts).toEqual([gateway.url]);
  });
});

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
