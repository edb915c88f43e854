import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { MockFaultKind } from 'nestjs-wxpay/testing';
import { FAULT_KINDS } from '../../../lib/testing/faults/fault-kinds.js';
import {
  CLOSE_A1,
  handSign,
  isGenuine,
  MERCHANT_BODY,
  send,
  type RawReply,
} from '../../support/signing/hand-signed-request.js';
import { unrelatedClient } from '../../support/signing/unrelated-client.js';
import { useOrderAtGateway } from '../../support/harness/order-at-gateway.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const KINDS = Object.keys(FAULT_KINDS) as readonly MockFaultKind[];

const at = useOrderAtGateway();
const { query, close, state } = at;
afterEach(() => at.gateway.faults(undefined));

const only = (kind: MockFaultKind, seed = 1) => at.gateway.faults({ seed, rate: 1, kinds: [kind] });
const genuine = (reply: RawReply) => isGenuine(at.gateway, reply);
const secondsOff = ({ headers }: RawReply) => Number(headers['wechatpay-timestamp']) - Date.now() / 1000;
const parsed = (reply: RawReply) => JSON.parse(reply.body) as Record<string, unknown>;
const EXPAND = new Map([
  ['gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
]);
const expanded = ({ headers, bytes }: RawReply) =>
  EXPAND.get(headers['content-encoding'] ?? '')?.(bytes).length ?? 0;

/** What a query looks like that one of them struck. */
const QUERIES: readonly (readonly [kind: MockFaultKind, isStruck: (reply: RawReply) => boolean])[] = [
  ['html', ({ status, headers }) => status >= 500 && headers['content-type'] === 'text/html'],
  ['redirect', ({ status, headers }) => status === 302 && headers.location === '/redirected'],
  ['system-error', (reply) => reply.status === 500 && parsed(reply)['code'] === 'SYSTEM_ERROR'],
  ['rate-limited', ({ status, headers }) => status === 429 && headers['retry-after'] === '1'],
  [
    'order-not-exist',
    (reply) =>
      reply.status === 404 &&
      parsed(reply)['code'] === 'ORDER_NOT_EXIST' &&
      !('wechatpay-signature' in reply.headers),
  ],
  ['unsigned', ({ status, headers }) => status === 200 && !('wechatpay-signature' in headers)],
  [
    'missing-header',
    ({ headers }) => Object.keys(headers).filter((name) => name.startsWith('wechatpay-')).length === 4,
  ],
  ['wrong-signature', (reply) => reply.status === 200 && !genuine(reply)],
  ['wrong-nonce', (reply) => reply.status === 200 && !genuine(reply)],
  ['unknown-serial', ({ headers }) => headers['wechatpay-serial'] !== at.gateway.keys.publicKeyId],
  ['probe', ({ headers }) => String(headers['wechatpay-signature']).startsWith('WECHATPAY/SIGNTEST/')],
  ['stale', (reply) => genuine(reply) && secondsOff(reply) < -350],
  ['future', (reply) => genuine(reply) && secondsOff(reply) > 350],
  ['tampered-body', (reply) => parsed(reply)['out_trade_no'] === at.no && !genuine(reply)],
  ['swapped', (reply) => parsed(reply)['out_trade_no'] === 'OTHER' && genuine(reply)],
  ['other-merchant', (reply) => parsed(reply)['mchid'] === '1999999999' && genuine(reply)],
  ['wrong-content-type', (reply) => reply.headers['content-type'] === 'text/plain' && genuine(reply)],
  ['malformed', (reply) => !reply.body.endsWith('}') && genuine(reply)],
  ['wrong-types', (reply) => parsed(reply)['trade_state'] === 0 && genuine(reply)],
  [
    'decorated',
    (reply) =>
      reply.body.includes('"coupon_id":9007199254740993') &&
      parsed(reply)['out_trade_no'] === at.no &&
      genuine(reply),
  ],
  ['oversize', (reply) => reply.bytes.length === 2 * 1024 * 1024 && genuine(reply)],
  ['bomb', (reply) => reply.bytes.length < 20_000 && expanded(reply) === 4 * 1024 * 1024],
];

describe('MockWxPayGateway.faults', () => {
  it.each(QUERIES)('strike a query: %s', async (kind, isStruck) => {
    const healthy = await query();
    only(kind);

    const struck = await query();

    expect([healthy, struck].map(isStruck)).toEqual([false, true]);
    expect(at.gateway.requests.at(-1)).toMatchObject({ fault: kind });
    expect(at.gateway.faultCounts[kind]).toBe(1);
  });

  it.each<[MockFaultKind, status: number, code: string]>([
    ['order-paid', 400, 'ORDER_PAID'],
    ['order-closed', 400, 'ORDER_CLOSED'],
    ['trade-error', 403, 'TRADE_ERROR'],
    ['order-not-exist', 404, 'ORDER_NOT_EXIST'],
  ])('refuse a close without a reason, unsigned: %s', async (kind, status, code) => {
    only(kind);

    const reply = await close();

    expect([reply.status, parsed(reply)]).toMatchObject([status, { code }]);
    expect(reply.headers).not.toHaveProperty('wechatpay-signature');
    expect(state()).toBe('NOTPAY');
  });

  it('never sign what is not true, even where refusals are signed', async () => {
    await using signing = await startGateway({ signErrors: true });
    signing.orders.create({ outTradeNo: 'A1', amount: { total: 1 } });
    const headersOf = async (kind: MockFaultKind) => {
      signing.faults({ seed: 1, rate: 1, kinds: [kind] });
      const closing = { method: 'POST', path: CLOSE_A1, body: MERCHANT_BODY };
      return Object.keys((await send(signing, handSign(signing, closing))).headers);
    };

    expect(await headersOf('order-closed')).not.toContain('wechatpay-signature');
    expect(await headersOf('order-not-exist')).not.toContain('wechatpay-signature');
    expect(await headersOf('system-error')).toContain('wechatpay-signature');
  });

  it('pay an order while it is being closed', async () => {
    only('pay-during-close');

    const reply = await close();

    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(state()).toBe('SUCCESS');
  });

  it.each<[MockFaultKind, after: string]>([
    ['lost-request', 'NOTPAY'],
    ['lost-answer', 'CLOSED'],
  ])('break the connection of a close: %s', async (kind, after) => {
    only(kind);

    await expect(close()).rejects.toMatchObject({ code: 'ECONNRESET' });

    expect(state()).toBe(after);
  });

  it('break the connection in the middle of a reply', async () => {
    only('reset-mid-body');

    await expect(query()).rejects.toThrow(/aborted|ECONNRESET|terminated/);
  });

  it.each<MockFaultKind>(['hang', 'drip'])('keep the client waiting: %s', async (kind) => {
    only(kind);

    await expect(query(AbortSignal.timeout(1500))).rejects.toThrow(/abort/);

    expect(at.gateway.faultCounts[kind]).toBe(1);
  });

  it('lose a hanging close before or after it takes effect', async () => {
    only('hang');
    const states = new Set<string | undefined>();

    for (let i = 0; i < 10; i++) {
      at.no = at.gateway.orders.create({ outTradeNo: `H${i}`, amount: { total: 1 } }).outTradeNo;
      const closing = { method: 'POST', path: CLOSE_A1.replace('A1', at.no), body: MERCHANT_BODY };
      await send(at.gateway, handSign(at.gateway, closing), AbortSignal.timeout(100)).catch(() => undefined);
      states.add(state());
    }

    expect(states).toEqual(new Set(['NOTPAY', 'CLOSED']));
  });

  it('strike an unrelated client in the same way for the same seed', async () => {
    const campaign = async (seed: number, kinds = KINDS.filter((kind) => !/hang|drip/.test(kind))) => {
      at.gateway.faults({ seed, rate: 0.5, kinds });
      const client = unrelatedClient(at.gateway);
      const ask = (outTradeNo: string) =>
        client
          .chain(`/v3/pay/transactions/out-trade-no/${outTradeNo}`)
          .get({ params: { mchid: '1900000001' } });
      const orders = Array.from({ length: 20 }, (_, i) => `${seed}-${i}`);
      for (const outTradeNo of orders) {
        if (!at.gateway.orders.get(outTradeNo)) {
          at.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
        }
      }
      // In parallel, so that the orders come in any sequence.
      await Promise.allSettled(orders.map(ask));
      const faults = at.gateway.requests
        .slice(-20)
        .map(({ outTradeNo, fault = '' }) => `${outTradeNo} ${fault}`);
      return { faults: faults.toSorted(), counts: { ...at.gateway.faultCounts } };
    };

    const [once, again, other] = [await campaign(1), await campaign(1), await campaign(2)];

    expect(again).toEqual(once);
    expect(other.counts).not.toEqual(once.counts);
    expect(Object.values(once.counts).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3);
  });

  it('strike no request that has a scripted reply, fails verification or has an unknown path', async () => {
    only('html');
    at.gateway.next({ status: 500, code: 'SYSTEM_ERROR' });

    await query();
    await send(at.gateway, { ...handSign(at.gateway), method: 'POST' });
    await send(at.gateway, handSign(at.gateway, { path: '/v3/unknown' }));
    await query();

    expect(at.gateway.requests.slice(-4).map(({ status, fault }) => fault ?? status)).toEqual([
      500,
      401,
      404,
      'html',
    ]);
    expect(at.gateway.faultCounts.html).toBe(1);
  });

  it('end with undefined, and leave the counts to be read', async () => {
    only('html');
    await query();
    at.gateway.faults(undefined);

    expect((await query()).status).toBe(200);
    expect(at.gateway.requests.at(-1)).not.toHaveProperty('fault');
    expect(at.gateway.faultCounts.html).toBe(1);
  });

  it('count from zero for each policy, and show every kind', async () => {
    only('html');
    await query();
    only('html', 2);

    expect(Object.keys(at.gateway.faultCounts).toSorted()).toEqual(KINDS.toSorted());
    expect(Object.values(at.gateway.faultCounts).every((count) => count === 0)).toBe(true);
  });

  it('refuse a policy that cannot be, and keep the one before', async () => {
    only('html');

    expect(() => at.gateway.faults({ seed: 1, rate: 2 })).toThrow(
      'The rate of faults must be a number from 0 to 1.',
    );

    expect((await query()).status).toBeGreaterThanOrEqual(500);
  });
});
