import { describe, expect, it } from '@jest/globals';
import { WxPayApiError, WxPayInputError, WxPaySignatureError, type WxPayRequest } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';

// What is tested is the verdict of one attempt.
const sandbox = useSandbox({}, { maxAttempts: 1 });

describe('WxPayClient.request', () => {
  it('signs the request, and returns the verified reply', async () => {
    sandbox.gateway.next({ reply: { status: 200, body: { code_url: 'weixin://wxpay/bizpayurl?pr=x' } } });
    const body = {
      appid: 'wx8888888888888888',
      mchid: '1900000001',
      description: 'Image形象店',
      out_trade_no: 'PREPAID',
      notify_url: 'https://shop.example/paid',
      amount: { total: 100 },
    };

    const prepay = await sandbox.merchant.client.request<{ code_url: string }>({
      method: 'POST',
      path: '/v3/pay/transactions/native',
      body,
    });

    expect(prepay.code_url).toBe('weixin://wxpay/bizpayurl?pr=x');
    expect(sandbox.gateway.requests.at(-1)).toMatchObject({
      method: 'POST',
      path: '/v3/pay/transactions/native',
      body: JSON.stringify(body),
    });
  });

  it('percent-encodes the query', async () => {
    sandbox.gateway.next({ reply: { status: 200, body: {} } });

    await sandbox.merchant.client.request({
      method: 'GET',
      path: '/v3/profitsharing/bills',
      query: { bill_date: '2026-01-01', note: 'a b&c=d+e' },
    });

    expect(sandbox.gateway.requests.at(-1)?.path).toBe(
      '/v3/profitsharing/bills?bill_date=2026-01-01&note=a%20b%26c%3Dd%2Be',
    );
  });

  it('leaves out an empty query', async () => {
    sandbox.gateway.next({ reply: { status: 200, body: {} } });

    await sandbox.merchant.client.request({ method: 'GET', path: '/v3/some/thing', query: {} });

    expect(sandbox.gateway.requests.at(-1)?.path).toBe('/v3/some/thing');
  });

  it('rejects while WeChat Pay has accepted the request, but not finished it', async () => {
    sandbox.gateway.next({ status: 202, code: 'USERPAYING', signed: true });
    const request = { method: 'POST', path: '/v3/some/thing', body: {} };

    const error = await failureOf(WxPayApiError, sandbox.merchant.client.request(request));

    expect(error).toMatchObject({ code: 'USERPAYING', httpStatus: 202 });
  });

  it('returns undefined for an empty reply', async () => {
    sandbox.gateway.next({ reply: { status: 204 } });

    await expect(
      sandbox.merchant.client.request({ method: 'DELETE', path: '/v3/some/thing' }),
    ).resolves.toBeUndefined();
  });

  it('refuses an unsigned reply', async () => {
    sandbox.gateway.next({ reply: { status: 200, body: {}, signed: false } });

    const error = await failureOf(
      WxPaySignatureError,
      sandbox.merchant.client.request({ method: 'GET', path: '/v3/some/thing' }),
    );

    expect(error.reason).toBe('missing');
  });

  it('rejects with the errors of the services, without personal data in the path', async () => {
    sandbox.gateway.next({ status: 400, code: 'PARAM_ERROR' });

    const error = await failureOf(
      WxPayApiError,
      sandbox.merchant.client.request({
        method: 'GET',
        path: '/v3/marketing/favor/users/oUpF8uMuAJO_M2pxb1Q9zNjWeS6o/coupons',
      }),
    );

    expect(error).toMatchObject({ code: 'PARAM_ERROR', operation: 'request' });
    expect(error.message).toContain(
      'request of GET /v3/marketing/favor/users/[openid]/coupons with PARAM_ERROR',
    );
  });

  it.each([
    ['method', { method: 'TRACE', path: '/v3/x' }],
    ['method', { path: '/pay/unifiedorder', fields: {} }],
    ['path', { method: 'GET', path: 'https://evil.example/v3/x' }],
    ['path', { method: 'GET', path: '/v3/../secapi' }],
    ['path', { method: 'GET', path: '/v3/./x' }],
    ['path', { method: 'GET', path: '/v3/%2e%2e/secapi/pay/refund' }],
    ['path', { method: 'GET', path: '/v3/.%2E/x' }],
    ['path', { method: 'GET', path: '/v3/pay/%2E/x' }],
    ['path', { method: 'GET', path: '/v3/pay/..' }],
    ['path', { method: 'GET', path: '/v3/pay/%2e' }],
    ['path', { method: 'GET', path: '/v3/x?y=1' }],
    ['path', { method: 'GET', path: '/v3/a b' }],
    ['path', { method: 'GET', path: '/v3/a%2' }],
    ['path', { method: 'GET', path: '/v3//x' }],
    ['path', { method: 'GET', path: '//evil.example/v3/x' }],
    ['method', undefined],
    ['query', { method: 'GET', path: '/v3/x', query: { a: undefined } }],
    ['query', { method: 'GET', path: '/v3/x', query: null }],
    ['query', { method: 'GET', path: '/v3/x', query: 'a=b' }],
    ['query', { method: 'GET', path: '/v3/x', query: new URLSearchParams({ a: 'b' }) }],
    ['query', { method: 'GET', path: '/v3/x', query: new Map([['a', 'b']]) }],
    ['query', { method: 'GET', path: '/v3/x', query: ['a'] }],
    ['body', { method: 'GET', path: '/v3/x', body: {} }],
    ['body', { method: 'POST', path: '/v3/x', body: () => 1 }],
    ['body', { method: 'POST', path: '/v3/x', body: { amount: Object.create({ total: 1 }) } }],
  ])('refuses a faulty %s before anything is sent: %j', async (field, request) => {
    const before = sandbox.gateway.requests.length;

    const error = await failureOf(WxPayInputError, sandbox.merchant.client.request(request as WxPayRequest));

    expect(error.field).toBe(field);
    expect(sandbox.gateway.requests).toHaveLength(before);
  });

  it('shows no query in its errors, as it may hold anything', async () => {
    sandbox.gateway.next({ status: 400, code: 'PARAM_ERROR' });
    const query = { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', note: 'x' };

    const error = await failureOf(
      WxPayApiError,
      sandbox.merchant.client.request({ method: 'GET', path: '/v3/some/thing', query }),
    );

    expect(error.message).toContain('refused request of GET /v3/some/thing with PARAM_ERROR');
  });

  it('sends a path with percent-encoded values unchanged', async () => {
    sandbox.gateway.next({ reply: { status: 200, body: {} } });

    await sandbox.merchant.client.request({ method: 'GET', path: '/v3/a%7Cb/%E4%B8%AD' });

    expect(sandbox.gateway.requests.at(-1)?.path).toBe('/v3/a%7Cb/%E4%B8%AD');
  });

  it.each([
    [
      'method must be one of GET, POST, PUT, PATCH, DELETE: this merchant uses APIv3.',
      { method: ['GET'], path: '/v3/x' },
    ],
    [
      'path must begin with /v3/ and hold no characters that are not percent-encoded, and no query: pass that in the field query.',
      { method: 'GET', path: ['/v3/x'] },
    ],
    [
      'query must be an object of strings: c is number. Make it a string, or leave it out.',
      { method: 'GET', path: '/v3/x', query: { a: 'b', c: 1 } },
    ],
    [
      'body must be left out of a GET: put what it says into query.',
      { method: 'GET', path: '/v3/x', body: null },
    ],
    ['body must be JSON-serializable: it is a symbol.', { method: 'POST', path: '/v3/x', body: Symbol('x') }],
  ])('explains a faulty request: %s', async (message, request) => {
    // What JavaScript callers pass is not bound by the types.
    const asked = request as unknown as WxPayRequest;

    const error = await failureOf(WxPayInputError, sandbox.merchant.client.request(asked));

    expect(error.message).toBe(message);
  });

  it('refuses a body that JSON cannot represent', async () => {
    const amount = { total: 100n };

    const error = await failureOf(
      WxPayInputError,
      sandbox.merchant.client.request({ method: 'POST', path: '/v3/x', body: { amount } }),
    );

    expect(error).toMatchObject({ field: 'body', message: expect.stringContaining('BigInt') });
  });
});
