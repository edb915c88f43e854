import { describe, expect, it, jest } from '@jest/globals';
import {
  WxPayApiError,
  WxPaySignatureError,
  WxPayTransportError,
  WxPayVerifier,
  type WxPayMerchant,
} from 'nestjs-wxpay';
import type { MockBehaviour, MockWxPayGateway } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { REFUSING, useTwoHosts } from '../../support/harness/two-hosts.js';

const hosts = useTwoHosts();
const query = (merchant: WxPayMerchant, options?: { readonly timeoutMs?: number; signal?: AbortSignal }) =>
  merchant.orderQuery.query({ outTradeNo: 'T1' }, options);

function script(gateway: MockWxPayGateway, behaviour: MockBehaviour, times: number): void {
  for (let count = 0; count < times; count++) gateway.next(behaviour);
}

/** How often each host was asked. */
const asked = () => [hosts.main.requests.length, hosts.backup.requests.length];

/** The pauses between the requests of one host, in milliseconds. */
function pauses({ requests }: MockWxPayGateway): number[] {
  return requests
    .slice(1)
    .map(({ receivedAt }, index) => Number(receivedAt) - Number(requests[index]?.receivedAt));
}

const SYSTEM_ERROR: MockBehaviour = { status: 500, code: 'SYSTEM_ERROR' };
const TOO_OFTEN: MockBehaviour = { status: 429, code: 'FREQUENCY_LIMITED' };

describe('failover, of a call that fails on the main host', () => {
  it.each<[string, MockBehaviour, number, readonly number[]]>([
    ['with a reset', { fault: 'reset', handled: false }, 1, [1, 1]],
    ['with a connection closed', { fault: 'close', handled: false }, 1, [1, 1]],
    ['with half a reply', { fault: 'reset-mid-body' }, 1, [1, 1]],
    ['without any reply', { fault: 'hang' }, 1, [1, 1]],
    ['with the page of a proxy', { fault: 'html', status: 502 }, 1, [1, 1]],
    ['with the page of a proxy and HTTP 200', { fault: 'html', status: 200 }, 1, [1, 1]],
    ['with an empty HTTP 200', { reply: { status: 200, signed: false } }, 1, [1, 1]],
    ['with an empty page', { reply: { status: 503 } }, 1, [1, 1]],
    ['with an unknown code and HTTP 500', { status: 500, code: 'UPSTREAM_DOWN' }, 1, [1, 1]],
    ['with SYSTEM_ERROR once', SYSTEM_ERROR, 1, [2, 0]],
    ['with SYSTEM_ERROR twice', SYSTEM_ERROR, 2, [2, 1]],
    ['with BANK_ERROR once', { status: 500, code: 'BANK_ERROR' }, 1, [2, 0]],
    ['with 202 and a code', { status: 202, code: 'USERPAYING', signed: true }, 1, [2, 0]],
    ['with 202 and nothing else', { reply: { status: 202, body: {} } }, 1, [2, 0]],
    ['with a probe', { fault: 'probe' }, 1, [2, 0]],
    ['with a probe twice', { fault: 'probe' }, 2, [2, 1]],
    ['without a signature', { fault: 'unsigned' }, 1, [2, 0]],
    ['with a stale signature', { fault: 'timestamp', secondsOff: -400 }, 1, [2, 0]],
    ['with a wrong signature', { fault: 'wrong-signature' }, 1, [2, 0]],
    ['with an unknown serial', { fault: 'unknown-serial' }, 1, [2, 0]],
    ['with another order', { fault: 'swapped', outTradeNo: 'T2' }, 1, [1, 1]],
    ['with FREQUENCY_LIMITED', TOO_OFTEN, 2, [3, 0]],
    ['with 429 and a page', { reply: { status: 429, body: 'slow down' } }, 1, [2, 0]],
  ])('completes a call after a failure %s', async (_, behaviour, times, expected) => {
    hosts.main.orders.create({ outTradeNo: 'T2', amount: { total: 2 } });
    script(hosts.main, behaviour, times);

    const order = await query(hosts.merchantWith({ attemptTimeoutMs: 400 }));

    expect(order.outTradeNo).toBe('T1');
    expect(asked()).toEqual(expected);
  });

  it.each([
    ['PARAM_ERROR', 400],
    ['SIGN_ERROR', 401],
    ['NO_AUTH', 403],
    ['RULE_LIMIT', 403],
    ['ORDER_NOT_EXIST', 404],
  ])('does not retry after %s', async (code, status) => {
    script(hosts.main, { status, code }, 1);

    const error = await failureOf(WxPayApiError, query(hosts.merchantWith()));

    expect(error.code).toBe(code);
    expect(asked()).toEqual([1, 0]);
  });

  // Each is scripted for a request whose signature was verified: that is then one of its own, too.
  it.each(['nonce_str', 'timestamp'])('uses a new %s for each attempt', async (part) => {
    const now = Date.now;
    let passedMs = 0;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + passedMs);
    script(hosts.main, { ...SYSTEM_ERROR, before: () => void (passedMs += 2_000) }, 2);

    await query(hosts.merchantWith());
    clock.mockRestore();

    const values = [...hosts.main.requests, ...hosts.backup.requests].map(
      ({ headers }) => new RegExp(`${part}="([^"]+)"`).exec(String(headers.authorization))?.[1],
    );
    expect(values).toHaveLength(3);
    expect(new Set(values).size).toBe(3);
  });

  it('retries a verified reply that is not as documented only once', async () => {
    for (const gateway of [hosts.main, hosts.backup]) {
      script(gateway, { reply: { status: 200, body: {} } }, 4);
    }

    await expect(query(hosts.merchantWith())).rejects.toMatchObject({ code: 'WXPAY_PROTOCOL' });

    expect(asked()).toEqual([1, 1]);
  });

  it('gives a busy service more time before each attempt', async () => {
    script(hosts.main, TOO_OFTEN, 3);

    await query(hosts.merchantWith());

    expect(asked()).toEqual([4, 0]);
    expect(Math.min(...pauses(hosts.main))).toBeGreaterThanOrEqual(95);
  });
});

describe('failover, with Retry-After', () => {
  it('waits as long as requested', async () => {
    script(hosts.main, { ...TOO_OFTEN, headers: { 'Retry-After': '1' } }, 1);

    await query(hosts.merchantWith());

    expect(pauses(hosts.main)[0]).toBeGreaterThanOrEqual(990);
  });

  it('ends the call at once with the refusal if the delay exceeds its time', async () => {
    script(hosts.main, { ...TOO_OFTEN, headers: { 'Retry-After': '60' } }, 1);
    const startedAt = performance.now();

    const error = await failureOf(WxPayApiError, query(hosts.merchantWith()));

    expect(error).toMatchObject({ code: 'FREQUENCY_LIMITED', retryAfterMs: 60_000 });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(asked()).toEqual([1, 0]);
  });
});

describe('failover, of a call that fails for good', () => {
  it('names the hosts and the number of attempts', async () => {
    const merchant = hosts.merchantWith({ hosts: [REFUSING, 'http://localhost:1'] });

    const error = await failureOf(WxPayTransportError, query(merchant));

    expect(error).toMatchObject({ hosts: ['127.0.0.1:1', 'localhost:1'], attempts: 4, timedOut: false });
    expect(error.message).toMatch(
      /^WeChat Pay could not be reached at localhost:1 .*The call made 4 attempts \(127\.0\.0\.1:1: ECONNREFUSED; localhost:1: ECONNREFUSED\)\.$/,
    );
  });

  it('names the slow step when the time is up', async () => {
    for (const gateway of [hosts.main, hosts.backup]) script(gateway, { fault: 'hang' }, 4);

    const error = await failureOf(
      WxPayTransportError,
      query(hosts.merchantWith({ attemptTimeoutMs: 200, maxAttempts: 2 }), { timeoutMs: 600 }),
    );

    expect(error).toMatchObject({ timedOut: true, attempts: 2 });
    expect(error.message).toMatch(
      /within 600 ms \(127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+; 2 attempts; most of the time went into sending\)/,
    );
  });

  it('throws the last error with a reply rather than a later timeout', async () => {
    script(hosts.main, { fault: 'wrong-signature' }, 1);
    script(hosts.main, { fault: 'hang' }, 3);
    script(hosts.backup, { fault: 'hang' }, 3);

    const error = await failureOf(WxPaySignatureError, query(hosts.merchantWith(), { timeoutMs: 500 }));

    expect(error.reason).toBe('mismatch');
  });

  it('ends with the reason of a caller who aborts during a pause', async () => {
    const caller = new AbortController();
    script(hosts.main, { ...TOO_OFTEN, headers: { 'Retry-After': '5' } }, 1);
    // The pause is the only thing that takes time here.
    const running = query(hosts.merchantWith(), { signal: caller.signal });
    setTimeout(() => caller.abort('left'), 300);

    await expect(running).rejects.toBe('left');
    expect(asked()).toEqual([1, 0]);
  });

  it('does not retry after the verifier of the app failed', async () => {
    class FailingVerifier extends WxPayVerifier {
      override acceptedSerialNo(): Promise<undefined> {
        return Promise.resolve(undefined);
      }
      override verify(): Promise<boolean> {
        return Promise.reject(new Error('the key service is down'));
      }
    }
    const merchant = hosts.merchantWith({ verifier: new FailingVerifier() });

    const error = await failureOf(WxPayTransportError, query(merchant));

    expect(error.message).toContain('The verifier failed');
    expect(asked()).toEqual([1, 0]);
  });

  it('makes one attempt with maxAttempts 1', async () => {
    script(hosts.main, SYSTEM_ERROR, 1);

    await failureOf(WxPayApiError, query(hosts.merchantWith({ maxAttempts: 1 })));

    expect(asked()).toEqual([1, 0]);
  });
});

describe('failover, with an idle connection that breaks', () => {
  it('retries once on the same host, which stays the first', async () => {
    const merchant = hosts.merchantWith();
    await query(merchant);
    for (let call = 0; call < 3; call++) {
      script(hosts.main, { fault: 'reset', handled: false }, 1);
      await query(merchant);
    }

    expect(asked()).toEqual([7, 0]);
  });
});
