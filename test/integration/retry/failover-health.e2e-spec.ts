import { describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import {
  RsaSigner,
  WxPayApiError,
  WxPayTransportError,
  type WxPayMerchant,
  type WxPayRequest,
} from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';
import { REFUSING, useTwoHosts } from '../../support/harness/two-hosts.js';

const hosts = useTwoHosts();
const query = (merchant: WxPayMerchant) => merchant.orderQuery.query({ outTradeNo: 'T1' });

describe('failover, with a dead main host', () => {
  it('uses the backup for calls with a single attempt after two timeouts', async () => {
    for (let call = 0; call < 3; call++) hosts.main.next({ fault: 'hang' });
    const merchant = hosts.merchantWith({ maxAttempts: 1 });
    for (let call = 0; call < 2; call++) {
      await failureOf(
        WxPayTransportError,
        merchant.orderQuery.query({ outTradeNo: 'T1' }, { timeoutMs: 500 }),
      );
    }

    await query(merchant);

    expect(hosts.backup.requests).toHaveLength(1);
  });

  it.each([
    ['APIv3', (): WxPayMerchant => hosts.merchantWith()],
    ['APIv2', (): WxPayMerchant => hosts.v2MerchantWith()],
  ])('leaves a main host that has a foreign server with HTTP 200 in its place: %s', async (_, merchantOf) => {
    for (let call = 0; call < 10; call++) hosts.main.next({ fault: 'html', status: 200 });
    const merchant = merchantOf();

    for (let call = 0; call < 5; call++) await query(merchant);

    expect(hosts.main.requests).toHaveLength(2);
    expect(hosts.backup.requests).toHaveLength(5);
  });

  it.each<[string, () => WxPayMerchant, WxPayRequest]>([
    ['APIv3', () => hosts.merchantWith({ maxAttempts: 1 }), { method: 'GET', path: '/v3/statements/file' }],
    [
      'APIv2',
      () => hosts.v2MerchantWith(),
      { path: '/billcommentsp/batchquerycomment', fields: { offset: '0' } },
    ],
  ])('stays with a main host that replies with an unsigned file: %s', async (_, merchantOf, request) => {
    const body = 'date,openid\n`2026-06-01,`oUpF8uMuAJO';
    for (let call = 0; call < 3; call++) hosts.main.next({ reply: { status: 200, body, signed: false } });
    const merchant = merchantOf();

    for (let call = 0; call < 3; call++) {
      const error = await failureOf(WxPayTransportError, merchant.client.request(request));
      expect(error.message).not.toContain('oUpF8');
    }
    await query(merchant);

    expect([hosts.main.requests.length, hosts.backup.requests.length]).toEqual([4, 0]);
  });

  it('uses the backup for callers who abort early after two aborts', async () => {
    for (let call = 0; call < 3; call++) hosts.main.next({ fault: 'hang' });
    const merchant = hosts.merchantWith();
    const impatient = () =>
      merchant.orderQuery.query({ outTradeNo: 'T1' }, { signal: AbortSignal.timeout(1_200) });
    await Promise.allSettled([impatient(), impatient()]);

    await expect(impatient()).resolves.toMatchObject({ outTradeNo: 'T1' });

    expect(hosts.main.requests).toHaveLength(2);
  });

  it('completes each of 200 concurrent calls', async () => {
    const merchant = hosts.merchantWith();
    await query(merchant);
    const calls = Array.from({ length: 200 }, () => query(merchant));
    await hosts.main.goDown();

    await expect(Promise.all(calls)).resolves.toHaveLength(200);
  });

  it('slows only the first few calls', async () => {
    for (let call = 0; call < 10; call++) hosts.main.next({ fault: 'hang' });
    const merchant = hosts.merchantWith({ attemptTimeoutMs: 300 });

    for (let call = 0; call < 10; call++) await query(merchant);

    expect(hosts.main.requests).toHaveLength(2);
    expect(hosts.backup.requests).toHaveLength(10);
  });

  it('returns to the main host once it is back', async () => {
    const merchant = hosts.merchantWith({ hostRecoveryMs: 100 });
    await hosts.main.goDown();
    for (let call = 0; call < 3; call++) await query(merchant);
    const { length: before } = hosts.backup.requests;
    await hosts.main.comeBack();

    let returnedTo: 'main' | undefined;
    while (returnedTo === undefined) {
      const { length } = hosts.backup.requests;
      await query(merchant);
      if (hosts.backup.requests.length === length) returnedTo = 'main';
    }
    const { length: after } = hosts.backup.requests;
    for (let call = 0; call < 5; call++) await query(merchant);

    expect(before).toBe(3);
    expect(hosts.backup.requests).toHaveLength(after);
  });

  it('returns to the main host as soon as the backup fails', async () => {
    const merchant = hosts.merchantWith();
    hosts.main.next({ fault: 'close', handled: false });
    hosts.main.next({ fault: 'close', handled: false });
    await query(merchant);
    await query(merchant);
    await hosts.backup.goDown();

    await query(merchant);
    await query(merchant);

    expect(hosts.main.requests).toHaveLength(4);
  });
});

describe('failover, with both hosts dead', () => {
  it('fails, and succeeds as soon as one host is back', async () => {
    const merchant = hosts.merchantWith();
    await Promise.all([hosts.main.goDown(), hosts.backup.goDown()]);
    await Promise.all(Array.from({ length: 5 }, () => failureOf(WxPayTransportError, query(merchant))));

    await hosts.backup.comeBack();

    await expect(query(merchant)).resolves.toMatchObject({ outTradeNo: 'T1' });
  });
});

describe('the health of a host, shared by the merchants of an app', () => {
  it('spares other merchants a host that one merchant found dead', async () => {
    hosts.main.next({ fault: 'close', handled: false });
    hosts.main.next({ fault: 'close', handled: false });
    const first = hosts.merchantWith();
    await query(first);
    await query(first);

    await query(hosts.merchantWith());

    expect(hosts.main.requests).toHaveLength(2);
  });

  it('is not affected by calls that give a host too little time', async () => {
    for (let call = 0; call < 3; call++) hosts.main.next({ fault: 'hang' });
    const hurried = hosts.merchantWith();
    for (let call = 0; call < 3; call++) {
      await hurried.orderQuery.query({ outTradeNo: 'T1' }, { timeoutMs: 300 }).catch(() => undefined);
    }

    await query(hosts.merchantWith());

    expect(hosts.main.requests.at(-1)?.status).toBe(200);
  });

  it.each([
    ['timeoutMs: 60', { timeoutMs: 60 }, 100],
    ['attemptTimeoutMs: 20', { attemptTimeoutMs: 20 }, 100],
    ['attemptTimeoutMs: 250', { attemptTimeoutMs: 250 }, 280],
  ])(
    'is not affected by a merchant whose options give a host too little time: %s',
    async (_, options, delayMs) => {
      for (let call = 0; call < 3; call++) hosts.main.next({ delayMs });
      const hurried = hosts.merchantWith(options);
      for (let call = 0; call < 3; call++) await query(hurried).catch(() => undefined);
      const { length } = hosts.main.requests;

      await query(hosts.merchantWith());

      expect(hosts.main.requests).toHaveLength(length + 1);
    },
  );

  it('is affected by timeouts of 300 ms, which count for all merchants', async () => {
    for (let call = 0; call < 2; call++) hosts.main.next({ fault: 'hang' });
    const hurried = hosts.merchantWith({ attemptTimeoutMs: 300 });
    for (let call = 0; call < 2; call++) await query(hurried);

    await query(hosts.merchantWith());

    expect(hosts.main.requests).toHaveLength(2);
    expect(hosts.backup.requests).toHaveLength(3);
  });

  it('lets merchants with short timeouts use the other host in time', async () => {
    for (let call = 0; call < 5; call++) hosts.main.next({ fault: 'hang' });
    const hurried = hosts.merchantWith({ attemptTimeoutMs: 100 });

    for (let call = 0; call < 5; call++) await query(hurried);

    expect(hosts.backup.requests).toHaveLength(5);
  });

  it.each([
    ['APIv3', (): WxPayMerchant => hosts.merchantWith()],
    ['APIv2', (): WxPayMerchant => hosts.v2MerchantWith()],
  ])('is not affected by a page with HTTP 404: %s', async (_, merchantOf) => {
    for (let call = 0; call < 2; call++) hosts.main.next({ fault: 'html', status: 404 });
    const mistaken = merchantOf();
    for (let call = 0; call < 2; call++) await query(mistaken);

    await query(hosts.merchantWith());

    expect(hosts.main.requests).toHaveLength(3);
    expect(hosts.backup.requests).toHaveLength(2);
  });

  it('is not affected by a merchant with a wrong key', async () => {
    const signer = new RsaSigner({ privateKey: rsaKeys().privatePem, serialNo: '4A' });
    const wrong = hosts.merchantWith({ signer });
    for (let call = 0; call < 3; call++) await failureOf(WxPayApiError, query(wrong));

    await query(hosts.merchantWith());

    expect(hosts.backup.requests).toEqual([]);
    expect(hosts.main.requests).toHaveLength(4);
  });

  it('is not affected by a merchant with a dead proxy', async () => {
    const proxied = new HttpService(
      new HttpService().axiosRef.create({
        proxy: { protocol: 'http', host: '127.0.0.1', port: Number(new URL(REFUSING).port) },
      }),
    );
    const behindProxy = hosts.merchantWith({ httpService: proxied });
    await failureOf(WxPayTransportError, query(behindProxy));

    await query(hosts.merchantWith());

    expect(hosts.main.requests).toHaveLength(1);
  });
});
