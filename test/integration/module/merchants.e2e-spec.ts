import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import {
  OrderQueryService,
  WxPayClient,
  WxPayConfigError,
  WxPayMerchant,
  WxPayMerchants,
  WxPayModule,
} from 'nestjs-wxpay';
import { useContainers } from '../../support/harness/containers.js';

const containers = useContainers();

describe('WxPayMerchants', () => {
  it('adds a merchant while the app runs', async () => {
    const app = await containers.start(WxPayModule.forRoot(containers.gateway.options()));
    const merchants = app.get(WxPayMerchants);

    const merchant = merchants.register('tenant-7', containers.otherOptions());

    await expect(merchant.orderQuery.query({ outTradeNo: 'T2' })).resolves.toMatchObject({
      mchid: '1900000002',
    });
    expect(merchants.has('tenant-7')).toBe(true);
    expect(merchants.get('tenant-7')).toBe(merchant);
    expect(merchants.names()).toEqual(['default', 'tenant-7']);
  });

  it('replaces the options of injected services, while calls in flight finish', async () => {
    const app = await containers.start(WxPayModule.forRoot(containers.gateway.options()));
    const query = app.get(OrderQueryService);
    containers.gateway.next({ delayMs: 80 });
    const inFlight = query.query({ outTradeNo: 'T1' });

    app.get(WxPayMerchants).replace('default', containers.otherOptions());

    await expect(query.query({ outTradeNo: 'T2' })).resolves.toMatchObject({ mchid: '1900000002' });
    await expect(inFlight).resolves.toMatchObject({ mchid: '1900000001' });
  });

  it('returns one object per name, which uses the new options after a replacement', async () => {
    const app = await containers.start(WxPayModule.forRoot(containers.gateway.options()));
    const merchants = app.get(WxPayMerchants);
    const merchant = merchants.get();

    const replaced = merchants.replace('default', containers.otherOptions());

    expect(replaced).toBe(merchant);
    expect(app.get(WxPayMerchant)).toBe(merchant);
    expect(merchant).toMatchObject({ mchid: '1900000002', api: 'v3' });
    await expect(merchant.orderQuery.query({ outTradeNo: 'T2' })).resolves.toMatchObject({
      mchid: '1900000002',
    });
  });

  it('refuses the calls of a merchant object after unregister, until the name is registered again', async () => {
    const app = await containers.start(WxPayModule.forRoot(containers.gateway.options()));
    const merchants = app.get(WxPayMerchants);
    const merchant = merchants.register('tenant', containers.otherOptions());

    merchants.unregister('tenant');

    await expect(merchant.orderQuery.query({ outTradeNo: 'T2' })).rejects.toThrow(WxPayConfigError);
    expect(() => merchant.orderQuery.queryMany([])).toThrow(WxPayConfigError);
    expect(() => merchant.mchid).toThrow('No WeChat Pay merchant is registered as "tenant".');
    expect(String(merchant)).toBe('WxPayMerchant "tenant" (not registered)');
    expect(JSON.stringify(merchant)).toBe('{"name":"tenant"}');
    merchants.register('tenant', containers.otherOptions());
    await expect(merchant.orderQuery.query({ outTradeNo: 'T2' })).resolves.toMatchObject({
      mchid: '1900000002',
    });
  });

  it('aborts no request of the merchant that it replaces', async () => {
    const app = await containers.start(WxPayModule.forRoot(containers.gateway.options()));
    let sharing: Promise<unknown> = Promise.resolve();
    const request = { method: 'POST', path: '/v3/profitsharing/orders', body: {} };
    await new Promise<void>((arrived) => {
      containers.gateway.next({
        before: arrived,
        delayMs: 80,
        reply: { status: 200, body: { order_id: '1' } },
      });
      sharing = app.get(WxPayClient).request(request);
    });

    app.get(WxPayMerchants).replace('default', containers.otherOptions());

    await expect(sharing).resolves.toEqual({ order_id: '1' });
  });

  it('keeps the old options if the new ones are faulty', async () => {
    const app = await containers.start(WxPayModule.forRoot(containers.gateway.options()));

    expect(() =>
      app.get(WxPayMerchants).replace('default', containers.gateway.options({ mchid: '' })),
    ).toThrow(WxPayConfigError);

    await expect(app.get(OrderQueryService).query({ outTradeNo: 'T1' })).resolves.toMatchObject({
      outTradeNo: 'T1',
    });
  });

  it('names the registered merchants when asked for one that is not', async () => {
    const app = await containers.start(
      WxPayModule.forRoot(containers.gateway.options()),
      WxPayModule.forRoot({ ...containers.otherOptions(), name: 'us' }),
    );

    expect(() => app.get(WxPayMerchants).get('eu')).toThrow(
      `No WeChat Pay merchant is registered as "eu". Registered: "default", "us". Add WxPayModule.forRoot({ name: 'eu', … }) or call merchants.register('eu', …).`,
    );
    expect(() => app.get(WxPayMerchants).replace('eu', containers.gateway.options())).toThrow(
      WxPayConfigError,
    );
  });

  it('names ten merchants of many, and counts the others', async () => {
    const merchants = new WxPayMerchants();
    const options = containers.gateway.options();
    for (let index = 0; index < 40; index++) merchants.register(`tenant-${index}`, options);

    expect(() => merchants.get('eu')).toThrow(
      /Registered: ("tenant-\d", ){9}"tenant-9" and 30 others\. Add /,
    );
    await merchants.onModuleDestroy();
  });

  it('forgets a merchant after unregister', async () => {
    const app = await containers.start(WxPayModule.forRoot(containers.gateway.options()));
    const merchants = app.get(WxPayMerchants);

    expect(merchants.unregister('default')).toBe(true);
    expect(merchants.unregister('default')).toBe(false);

    await expect(app.get(OrderQueryService).query({ outTradeNo: 'T1' })).rejects.toThrow(
      'No WeChat Pay merchant is registered as "default". Registered: none.',
    );
  });

  it('lets the calls in flight finish before the app is closed', async () => {
    const app = await containers.start(WxPayModule.forRoot(containers.gateway.options()));
    containers.gateway.next({ delayMs: 80 });
    const inFlight = app.get(OrderQueryService).query({ outTradeNo: 'T1' });
    let answered = false;
    const noted = inFlight.finally(() => {
      answered = true;
    });

    await app.close();

    expect(answered).toBe(true);
    await expect(noted).resolves.toMatchObject({ outTradeNo: 'T1' });
  });

  it('does not wait for calls that begin while the app is closed, and aborts none', async () => {
    const app = await containers.start(WxPayModule.forRoot(containers.gateway.options({ maxAttempts: 1 })));
    const query = app.get(OrderQueryService);
    const calls: Promise<unknown>[] = [];
    /** Calls that overlap, as those of a server whose requests are still coming. */
    const ask = (): void => {
      containers.gateway.next({ delayMs: 40 });
      calls.push(query.query({ outTradeNo: 'T1' }));
    };
    ask();
    const traffic = setInterval(ask, 10);

    await app.close();
    ask();
    clearInterval(traffic);

    expect(calls.length).toBeGreaterThan(3);
    await expect(Promise.all(calls)).resolves.toHaveLength(calls.length);
  });

  it('shows no key of a merchant', async () => {
    const app = await containers.start(WxPayModule.forRoot(containers.gateway.options()));
    const merchant = app.get(WxPayMerchant);

    const shown = [String(merchant), JSON.stringify(merchant), inspect(merchant, { depth: Infinity })];

    expect(shown).toEqual([
      'WxPayMerchant "default" (mchid 1900000001, API v3)',
      '{"name":"default","mchid":"1900000001","api":"v3"}',
      'WxPayMerchant "default" (mchid 1900000001, API v3)',
    ]);
  });
});
