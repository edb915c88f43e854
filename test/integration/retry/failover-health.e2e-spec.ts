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
import { generateRsaKeys } from '../../support/fixtures/rsa-keys.js';
import { REFUSING, useTwoHosts } from '../../support/harness/two-hosts.js';

const hosts = useTwoHosts();
const query = (merchant: WxPayMerchant) => merchant.orderQuery.query({ outTradeNo: 'T1' });

describe('with a dead main host', () => {
  it('a call with a single attempt finds the backup once two have timed out', async () => {
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
  ])('calls leave one that has something answer HTTP 200 in its place: %s', async (_, merchantOf) => {
    for (let call = 0; call < 10; call++) hosts.main.next({ fault: 'html', status: 200 });
    const merchant = merchantOf();

    for (let call = 0; call < 5; call++) await query(merchant);

    expect(hosts.main.requests).toHaveLength(2);
    expect(hosts.backup.requests).toHaveLength(5);
  });

  it.each<[string, () => WxPayMerchant, WxPayRequest]>([
    ['APIv3', () => hosts.merchantWith({ maxAttempts: 1 }), { method: 'GET', path: '/v3/billdownload/file' }],
    ['APIv2', () => hosts.v2MerchantWith(), { path: '/pay/downloadbill', fields: { bill_type: 'ALL' } }],
  ])(
    'calls stay with one that answers with a file, which nobody signs: %s',
    async (_, merchantOf, request) => {
      const body = 'date,openid\n`2026-06-01,`oUpF8uMuAJO';
      for (let call = 0; call < 3; call++) hosts.main.next({ reply: { status: 200, body, signed: false } });
      const merchant = merchantOf();

      for (let call = 0; call < 3; call++) {
        const error = await failureOf(WxPayTransportError, merchant.client.request(request));
        expect(error.message).not.toContain('oUpF8');
      }
      await query(merchant);

      expect([hosts.main.requests.length, hosts.backup.requests.length]).toEqual([4, 0]);
    },
  );

  it('calls whose callers are less patient than an attempt find the backup once two have given up', async () => {
    for (let call = 0; call < 3; call++) hosts.main.next({ fault: 'hang' });
    const merchant = hosts.merchantWith();
    const impatient = () =>
      merchant.orderQuery.query({ outTradeNo: 'T1' }, { signal: AbortSignal.timeout(1_200) });
    await Promise.allSettled([impatient(), impatient()]);

    await expect(impatient()).resolves.toMatchObject({ outTradeNo: 'T1' });

    expect(hosts.main.requests).toHaveLength(2);
  });

  it('every one of 200 calls at once succeeds', async () => {
    const merchant = hosts.merchantWith();
    await query(merchant);
    const calls = Array.from({ length: 200 }, () => query(merchant));
    await hosts.main.goDown();

    await expect(Promise.all(calls)).resolves.toHaveLength(200);
  });

  it('the calls after the first few do not feel it', async () => {
    for (let call = 0; call < 10; call++) hosts.main.next({ fault: 'hang' });
    const merchant = hosts.merchantWith({ attemptTimeoutMs: 300 });

    for (let call = 0; call < 10; call++) await query(merchant);

    expect(hosts.main.requests).toHaveLength(2);
    expect(hosts.backup.requests).toHaveLength(10);
  });

  it('calls return to it by themselves once it is back', async () => {
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

  it('calls return to it as soon as the backup fails', async () => {
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

describe('with both hosts dead', () => {
  it('calls fail, and succeed as soon as one is back', async () => {
    const merchant = hosts.merchantWith();
    await Promise.all([hosts.main.goDown(), hosts.backup.goDown()]);
    await Promise.all(Array.from({ length: 5 }, () => failureOf(WxPayTransportError, query(merchant))));

    await hosts.backup.comeBack();

    await expect(query(merchant)).resolves.toMatchObject({ outTradeNo: 'T1' });
  });
});

describe('merchants of one app', () => {
  it('share what they learn about a dead host', async () => {
    hosts.main.next({ fault: 'close', handled: false });
    hosts.main.next({ fault: 'close', handled: false });
    const first = hosts.merchantWith();
    await query(first);
    await query(first);

    await query(hosts.merchantWith());

    expect(hosts.main.requests).toHaveLength(2);
  });

  it('are not moved by calls that give a host too little time', async () => {
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
  ])('are not moved by one whose options give a host too little time: %s', async (_, options, delayMs) => {
    for (let call = 0; call < 3; call++) hosts.main.next({ delayMs });
    const hurried = hosts.merchantWith(options);
    for (let call = 0; call < 3; call++) await query(hurried).catch(() => undefined);
    const { length } = hosts.main.requests;

    await query(hosts.merchantWith());

    expect(hosts.main.requests).toHaveLength(length + 1);
  });

  it('ask the other host in time where their own options give a host little time', async () => {
    for (let call = 0; call < 5; call++) hosts.main.next({ fault: 'hang' });
    const hurried = hosts.merchantWith({ attemptTimeoutMs: 100 });

    for (let call = 0; call < 5; call++) await query(hurried);

    expect(hosts.backup.requests).toHaveLength(5);
  });

  it.each([
    ['APIv3', (): WxPayMerchant => hosts.merchantWith()],
    ['APIv2', (): WxPayMerchant => hosts.v2MerchantWith()],
  ])('are not moved by a page with HTTP 404: %s', async (_, merchantOf) => {
    for (let call = 0; call < 2; call++) hosts.main.next({ fault: 'html', status: 404 });
    const mistaken = merchantOf();
    for (let call = 0; call < 2; call++) await query(mistaken);

    await query(hosts.merchantWith());

    expect(hosts.main.requests).toHaveLength(3);
    expect(hosts.backup.requests).toHaveLength(2);
  });

  it('are not moved by one whose key is wrong', async () => {
    const signer = new RsaSigner({ privateKey: generateRsaKeys().privatePem, serialNo: '4A' });
    const wrong = hosts.merchantWith({ signer });
    for (let call = 0; call < 3; call++) await failureOf(WxPayApiError, query(wrong));

    await query(hosts.merchantWith());

    expect(hosts.backup.requests).toEqual([]);
    expect(hosts.main.requests).toHaveLength(4);
  });

  it('are not moved by one whose proxy is dead', async () => {
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
