import { describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import { WxPayApiError, WxPayProtocolError, WxPaySignatureError, WxPayTransportError } from 'nestjs-wxpay';
import type { MockBehaviour } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';

// What is tested is the verdict of one attempt.
const sandbox = useSandbox({}, { maxAttempts: 1 });
const ORDER = {
  mchid: '1900000001',
  out_trade_no: 'T1',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
};

const query = () => sandbox.merchant.orderQuery.query({ outTradeNo: 'T1' });
const close = () => sandbox.merchant.orderClose.close({ outTradeNo: 'T1' });

describe('V3Pipeline, receiving a validly signed reply', () => {
  it.each([
    ['another order', { ...ORDER, out_trade_no: 'T2' }, '$.out_trade_no'],
    ['an order of another merchant', { ...ORDER, mchid: '1900000002' }, '$.mchid'],
    ['an amount as a text', { ...ORDER, amount: { total: '100' } }, '$.amount.total'],
    ['no state', { ...ORDER, trade_state: undefined }, '$.trade_state'],
    ['a list', [ORDER], '$'],
    ['half a document', JSON.stringify(ORDER).slice(0, 40), '$'],
    ['nothing', '', '$'],
  ])('refuses %s, and names the JSON path', async (_, body, path) => {
    sandbox.gateway.next({ reply: { status: 200, body } });

    const error = await failureOf(WxPayProtocolError, query());

    expect(error).toMatchObject({ code: 'WXPAY_PROTOCOL', path, merchant: 'default' });
    expect(error.message).toContain('The verified reply to order.query of order T1 is not what');
  });

  it('refuses another order of WeChat Pay', async () => {
    sandbox.gateway.next({ reply: { status: 200, body: { ...ORDER, transaction_id: '42' } } });

    const error = await failureOf(
      WxPayProtocolError,
      sandbox.merchant.orderQuery.query({ transactionId: '43' }),
    );

    expect(error.path).toBe('$.transaction_id');
  });

  it('refuses an order in place of another', async () => {
    sandbox.gateway.orders.create({ outTradeNo: 'mine', amount: { total: 1 } });
    sandbox.gateway.orders.create({ outTradeNo: 'theirs', amount: { total: 1 } });
    sandbox.gateway.orders.pay('theirs');
    sandbox.gateway.next({ fault: 'swapped', outTradeNo: 'theirs' });

    const error = await failureOf(
      WxPayProtocolError,
      sandbox.merchant.orderQuery.query({ outTradeNo: 'mine' }),
    );

    expect(error.path).toBe('$.out_trade_no');
  });

  it.each([200, 202])('does not accept HTTP %d as a close', async (status) => {
    sandbox.gateway.next({ reply: { status, body: {} } });

    const error = await failureOf(WxPayProtocolError, close());

    expect(error.message).toContain(`has HTTP ${status}`);
  });

  it('reads HTTP 202 with a code as the refusal', async () => {
    sandbox.gateway.next({ status: 202, code: 'USERPAYING', signed: true });

    const error = await failureOf(WxPayApiError, close());

    expect(error).toMatchObject({
      code: 'USERPAYING',
      kind: 'order-state',
      httpStatus: 202,
      retryable: true,
    });
  });
});

describe("V3Pipeline, receiving a page that is not WeChat Pay's", () => {
  it('names its status, its type and its beginning', async () => {
    sandbox.gateway.next({ fault: 'html', status: 502 });

    const error = await failureOf(WxPayTransportError, query());

    expect(error).toMatchObject({
      timedOut: false,
      httpStatus: 502,
      hosts: [new URL(sandbox.gateway.url).host],
      attempts: 1,
      retryable: true,
    });
    expect(error.message).toMatch(
      /^127\.0\.0\.1:\d+ replied to order\.query of order T1 with HTTP 502 and a page that is not WeChat Pay's \(text\/html[^)]*, \d+ bytes\) that starts with "</,
    );
  });

  it.each([
    ['a page', { fault: 'html', status: 200 }],
    ['nothing', { reply: { status: 200, signed: false } }],
    ['an accepted page', { reply: { status: 202, body: 'Please log in.', signed: false } }],
  ] satisfies [string, MockBehaviour][])('recognises it with HTTP 200 as well: %s', async (_, behaviour) => {
    sandbox.gateway.next(behaviour);

    const error = await failureOf(WxPayTransportError, query());

    expect(error.message).toContain("a page that is not WeChat Pay's");
    expect(error.message).toContain('Something between here and WeChat Pay may have replied');
  });

  it.each([
    ['JSON', { reply: { status: 200, body: {}, signed: false } }],
    [
      'a page with one header of a signature',
      { reply: { status: 200, body: '<html>', signed: false, headers: { 'Wechatpay-Nonce': 'a' } } },
    ],
    ['a 204', { reply: { status: 204, signed: false } }],
  ] satisfies [string, MockBehaviour][])(
    'does not mistake for it a reply without a signature: %s',
    async (_, behaviour) => {
      sandbox.gateway.next(behaviour);

      const error = await failureOf(WxPaySignatureError, query());

      expect(error.reason).toBe('missing');
    },
  );

  it('quotes it without forged log lines', async () => {
    sandbox.gateway.next({ reply: { status: 500, body: 'a\nERROR forged\u001b[2J\u2028line' } });

    const error = await failureOf(WxPayTransportError, query());

    expect(error.message).toContain('"a ERROR forged [2J line"');
  });

  it('does not follow a redirect', async () => {
    const before = sandbox.gateway.requests.length;
    sandbox.gateway.next({ fault: 'redirect' });

    const error = await failureOf(WxPayTransportError, query());

    expect(error.message).toContain('Redirects are not followed');
    expect(sandbox.gateway.requests).toHaveLength(before + 1);
  });

  it('reads HTTP 429 as a rate limit', async () => {
    sandbox.gateway.next({ reply: { status: 429, body: 'slow down', headers: { 'Retry-After': '7' } } });

    const error = await failureOf(WxPayApiError, query());

    expect(error).toMatchObject({
      code: 'RATELIMIT_EXCEEDED',
      kind: 'rate-limited',
      retryAfterMs: 7_000,
      retryable: true,
    });
  });

  it('drops it if it exceeds the limit', async () => {
    const merchant = sandbox.merchantWith({ maxReplyBytes: 10_000 });
    sandbox.gateway.next({ fault: 'oversize', bytes: 10_001 });

    const error = await failureOf(WxPayTransportError, merchant.orderQuery.query({ outTradeNo: 'T1' }));

    expect(error.message).toContain('is larger than 10000 bytes, so it was dropped');
  });
});

describe('V3Pipeline, receiving a refusal', () => {
  it('keeps the field at fault, but not its value', async () => {
    const detail = {
      field: '/query/mchid',
      value: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
      issue: 'unknown',
      location: 'query',
    };
    sandbox.gateway.next({
      reply: { status: 400, body: { code: 'PARAM_ERROR', message: '参数错误', detail } },
    });

    const error = await failureOf(WxPayApiError, query());

    expect(error.detail).toEqual({ field: '/query/mchid', issue: 'unknown', location: 'query' });
    expect(error.message).toContain('It said: "参数错误".');
  });

  it('waits until the date in Retry-After', async () => {
    const inTenSeconds = new Date(Date.now() + 10_000).toUTCString();
    sandbox.gateway.next({
      status: 429,
      code: 'FREQUENCY_LIMITED',
      headers: { 'Retry-After': inTenSeconds },
    });

    const error = await failureOf(WxPayApiError, query());

    expect(error.retryAfterMs).toBeGreaterThan(7_000);
    expect(error.retryAfterMs).toBeLessThanOrEqual(10_000);
  });
});

describe('V3Pipeline, with a connection', () => {
  it.each(['reset', 'close', 'reset-mid-body'] as const)(
    'reports %s as a transport failure',
    async (fault) => {
      sandbox.gateway.orders.create({ outTradeNo: `cut-${fault}`, amount: { total: 1 } });
      sandbox.gateway.next({ fault });

      const error = await failureOf(
        WxPayTransportError,
        sandbox.merchant.orderQuery.query({ outTradeNo: `cut-${fault}` }),
      );

      expect(error).toMatchObject({ timedOut: false, hosts: [new URL(sandbox.gateway.url).host] });
      expect(error.message).toMatch(
        /^The connection to 127\.0\.0\.1:\d+ broke before the reply to order\.query of order cut-.* was complete/,
      );
    },
  );

  it('names the reason of a refused connection', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as { port: number };
    await new Promise((resolve) => probe.close(resolve));
    const merchant = sandbox.merchantWith({ hosts: [`http://127.0.0.1:${port}`] });

    const error = await failureOf(WxPayTransportError, merchant.orderQuery.query({ outTradeNo: 'T1' }));

    expect(error.message).toContain('ECONNREFUSED');
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });
});
