import { describe, expect, it } from '@jest/globals';
import { WxPayMerchants, WxPayTransportError, type WxPayMerchant } from 'nestjs-wxpay';
import type { MockBehaviour, MockWxPayGateway } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useTwoHosts } from '../../support/harness/two-hosts.js';

const hosts = useTwoHosts();
const query = (merchant: WxPayMerchant) => merchant.orderQuery.query({ outTradeNo: 'T1' });

function script(gateway: MockWxPayGateway, behaviour: MockBehaviour, times: number): void {
  for (let count = 0; count < times; count++) gateway.next(behaviour);
}

/** How often each host was asked. */
const asked = () => [hosts.main.requests.length, hosts.backup.requests.length];

const SYSTEM_ERROR: MockBehaviour = { status: 500, code: 'SYSTEM_ERROR' };
const TOO_OFTEN: MockBehaviour = { status: 429, code: 'FREQUENCY_LIMITED' };

describe('a request that is not idempotent', () => {
  const post = (merchant: WxPayMerchant) =>
    merchant.client.request({ method: 'POST', path: '/v3/profitsharing/orders', body: {} });

  it.each<[string, MockBehaviour]>([
    ['a reset', { fault: 'reset' }],
    ['SYSTEM_ERROR', SYSTEM_ERROR],
    ['a wrong signature', { fault: 'wrong-signature' }],
    ['429', TOO_OFTEN],
  ])('is sent once after %s', async (_, behaviour) => {
    script(hosts.main, behaviour, 1);

    await expect(post(hosts.merchantWith())).rejects.toThrow();

    expect(asked()).toEqual([1, 0]);
  });

  it('is sent once, even over an idle connection', async () => {
    const merchant = hosts.merchantWith();
    await query(merchant);
    script(hosts.main, { fault: 'reset', handled: false }, 1);

    await failureOf(WxPayTransportError, post(merchant));

    expect(asked()).toEqual([2, 0]);
  });

  it('is sent once over APIv2, whatever its path', async () => {
    script(hosts.main, { fault: 'reset' }, 1);
    const v2 = new WxPayMerchants().register(
      'v2',
      hosts.main.optionsV2({ hosts: [hosts.main.url, hosts.backup.url] }),
    );

    await expect(
      v2.client.request({ path: '/pay/orderquery', fields: { out_trade_no: 'T1' } }),
    ).rejects.toThrow();

    expect(asked()).toEqual([1, 0]);
  });

  it.each(['pay/orderquery', '/pay/orderquery?x=1', '/../x', '//evil.example/x', ''])(
    'is refused for a path such as %j over APIv2',
    async (path) => {
      const v2 = new WxPayMerchants().register('v2', hosts.main.optionsV2());

      await expect(v2.client.request({ path, fields: {} })).rejects.toMatchObject({ field: 'path' });

      expect(asked()).toEqual([0, 0]);
    },
  );

  it('may take longer than the attempt timeout of other calls', async () => {
    script(hosts.main, { reply: { status: 200, body: { ok: 1 } }, delayMs: 300 }, 1);

    await expect(post(hosts.merchantWith({ attemptTimeoutMs: 50 }))).resolves.toEqual({ ok: 1 });
  });

  it('is retried only if it is a GET', async () => {
    script(hosts.main, { fault: 'reset' }, 1);
    script(hosts.backup, { reply: { status: 200, body: { ok: 1 } } }, 1);

    const merchant = hosts.merchantWith();

    await expect(merchant.client.request({ method: 'GET', path: '/v3/x/y' })).resolves.toEqual({ ok: 1 });
  });
});
