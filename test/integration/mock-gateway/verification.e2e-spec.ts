import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import {
  CLOSE_A1,
  handSign,
  MERCHANT_BODY,
  QUERY_A1,
  send,
  type Claims,
  type HandSignedRequest,
} from '../../support/signing/hand-signed-request.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const NOW = 1_795_305_600;
let now: number;
let gateway: MockWxPayGateway;

beforeAll(async () => {
  gateway = await startGateway({ now: () => now * 1000 });
  gateway.orders.create({ outTradeNo: 'A1', amount: { total: 100 } });
  gateway.orders.create({ outTradeNo: 'a|b@c', amount: { total: 100 } });
});
afterAll(() => gateway.stop());
beforeEach(() => {
  now = NOW;
});

const sign = (claims: Claims = {}) => handSign(gateway, { timestamp: NOW, ...claims });
const answerTo = async (request: HandSignedRequest) => {
  const { status, headers, body } = await send(gateway, request);
  const reason = String(headers['request-id']).split('-')[1];
  return { status, reason, ...(body === '' ? {} : (JSON.parse(body) as { code?: string; detail?: object })) };
};
const withHeaders = (request: HandSignedRequest, headers: HandSignedRequest['headers']) => {
  const kept = Object.entries({ ...request.headers, ...headers }).filter(([, value]) => value !== undefined);
  return { ...request, headers: Object.fromEntries(kept) };
};
const HEADERS = { code: 'INVALID_REQUEST', message: 'Http头缺少Accept或User-Agent' };
const SERIAL = { code: 'PARAM_ERROR', message: '平台证书序列号Wechatpay-Serial错误' };
const signError = (field: string, issue?: string) => ({
  status: 401,
  code: 'SIGN_ERROR',
  reason: '268443699',
  detail: { location: 'authorization', field, ...(issue === undefined ? {} : { detail: { issue } }) },
});

describe('MockWxPayGateway, asked with a proper request', () => {
  it.each([
    ['a query', {}],
    ['fields of Authorization in another order', { fields: (f) => Object.entries(f).toReversed() }],
    ['a clock that is 5 minutes behind', { timestamp: NOW - 300 }],
    ['a clock that is 5 minutes ahead', { timestamp: NOW + 300 }],
    ['a number with every odd character, encoded', { path: QUERY_A1.replace('A1', 'a%7Cb%40c') }],
    ['a number with @ as it is', { path: QUERY_A1.replace('A1', 'a%7Cb@c') }],
  ] satisfies [string, Claims][])('accepts %s', async (_, claims) => {
    const answer = await answerTo(sign(claims));

    expect(answer).toMatchObject({ status: 200, reason: '0' });
  });

  it.each<[string, () => HandSignedRequest['headers']]>([
    ['any type is accepted', () => ({ Accept: '*/*' })],
    ['several types are accepted', () => ({ Accept: 'text/plain, application/json;q=0.9' })],
    ['the platform key is asked for', () => ({ 'Wechatpay-Serial': gateway.keys.publicKeyId })],
  ])('answers when %s', async (_, headers) => {
    const answer = await answerTo(withHeaders(sign(), headers()));

    expect(answer.status).toBe(200);
  });
});

describe('MockWxPayGateway, asked with bad credentials', () => {
  it.each<[string, Claims, string, string]>([
    [
      'a clock that is more than 5 minutes behind',
      { timestamp: NOW - 301 },
      'timestamp',
      'more than 5 minutes off',
    ],
    [
      'a clock that is more than 5 minutes ahead',
      { timestamp: NOW + 301 },
      'timestamp',
      'more than 5 minutes off',
    ],
    ['another merchant', { mchid: '1900000002' }, 'mchid', 'unknown merchant'],
    ['another certificate', { serialNo: 'AB'.repeat(20) }, 'serial_no', 'certificate serial number mismatch'],
    [
      'a field left out',
      { fields: (f) => Object.entries(f).filter(([n]) => n !== 'nonce_str') },
      'nonce_str',
      'missing',
    ],
    [
      'a field sent twice',
      { fields: (f) => [...Object.entries(f), ['mchid', '1900000001']] },
      'mchid',
      'sent twice',
    ],
    [
      'an unknown field',
      { fields: (f) => [...Object.entries(f), ['appid', 'wx1']] },
      'appid',
      'unknown field',
    ],
    ['a nonce that is too long', { nonce: 'x'.repeat(33) }, 'nonce_str', 'malformed'],
    [
      'a field that is not quoted',
      { fields: (f) => [...Object.entries(f), ['x"', '"']] },
      'Authorization',
      'not a list of name="value"',
    ],
    [
      'a signature that is not base64',
      { fields: (f) => Object.entries({ ...f, signature: '%%%' }) },
      'signature',
      'malformed',
    ],
  ])('refuses %s', async (_, claims, field, issue) => {
    const answer = await answerTo(sign(claims));

    expect(answer).toMatchObject(signError(field, issue));
  });

  it.each<[string, Claims, Partial<HandSignedRequest>]>([
    ['a changed query', {}, { path: `${QUERY_A1}&x=1` }],
    [
      'a path encoded after signing',
      { path: QUERY_A1.replace('A1', 'a|b') },
      { path: QUERY_A1.replace('A1', 'a%7Cb') },
    ],
    ['a changed method', { method: 'POST', path: CLOSE_A1, body: MERCHANT_BODY }, { method: 'PUT' }],
    [
      'a changed body',
      { method: 'POST', path: CLOSE_A1, body: MERCHANT_BODY },
      { body: `${MERCHANT_BODY} ` },
    ],
  ])('refuses %s', async (_, claims, change) => {
    const answer = await answerTo({ ...sign(claims), ...change });

    expect(answer).toMatchObject(signError('signature', 'sign not match'));
    expect(gateway.orders.get('A1')?.tradeState).toBe('NOTPAY');
  });

  it.each([
    ['no Authorization', undefined, 'Authorization'],
    ['another scheme', 'WECHATPAY2-SM2-WITH-SM3 mchid="1900000001"', 'Authorization'],
    ['a scheme alone', 'WECHATPAY2-SHA256-RSA2048', 'Authorization'],
  ])('refuses %s', async (_, authorization, field) => {
    const answer = await answerTo(withHeaders(sign(), { Authorization: authorization }));

    expect(answer).toMatchObject(signError(field));
  });

  it('refuses two Authorization headers', async () => {
    const request = sign();
    const authorization = String(request.headers.Authorization);

    const answer = await answerTo(withHeaders(request, { Authorization: [authorization, authorization] }));

    expect(answer).toMatchObject(signError('Authorization', 'sent 2 times'));
  });

  it('signs for bytes, not for text: a body that is not UTF-8 passes', async () => {
    const answer = await answerTo(sign({ method: 'POST', path: CLOSE_A1, body: Buffer.from([0xff]) }));

    expect(answer).toMatchObject({ status: 400, code: 'PARAM_ERROR' });
  });

  it('names the clock before the signature', async () => {
    const answer = await answerTo({ ...sign({ timestamp: NOW - 301 }), path: `${QUERY_A1}&x=1` });

    expect(answer).toMatchObject(signError('timestamp'));
  });

  it('refuses a replayed request as long as its timestamp is fresh', async () => {
    const request = sign({ timestamp: NOW + 300 });

    const first = await answerTo(request);
    const second = await answerTo(request);
    now = NOW + 600;
    const last = await answerTo(request);
    now = NOW + 601;
    const stale = await answerTo(request);

    expect(first.status).toBe(200);
    expect(second).toMatchObject(signError('nonce_str', 'nonce was used before'));
    expect(last).toMatchObject(signError('nonce_str'));
    expect(stale).toMatchObject(signError('timestamp'));
  });

  it('lets no stranger use up a nonce', async () => {
    const request = sign();
    await answerTo({ ...request, path: `${QUERY_A1}&x=1` });

    const answer = await answerTo(request);

    expect(answer.status).toBe(200);
  });

  it('shows what it verified and no key', async () => {
    const { body } = await send(gateway, { ...sign(), path: '/v3/other' });

    expect(JSON.parse(body)).toMatchObject({
      detail: {
        sign_information: { method: 'GET', url: '/v3/other', sign_message_length: expect.any(Number) },
      },
    });
    expect(body).not.toContain('KEY');
    expect(body).not.toContain(gateway.keys.apiV3Key);
  });
});

describe('MockWxPayGateway, asked in another shape than that of APIv3', () => {
  it.each([
    ['no Accept', { Accept: undefined }, HEADERS],
    ['an Accept without JSON', { Accept: 'text/html' }, HEADERS],
    ['no User-Agent', { 'User-Agent': undefined }, HEADERS],
    ['an empty User-Agent', { 'User-Agent': '' }, HEADERS],
    ['a key of another platform', { 'Wechatpay-Serial': 'PUB_KEY_ID_1' }, SERIAL],
  ])('refuses %s', async (_, headers, refusal) => {
    const answer = await answerTo(withHeaders(sign(), headers));

    expect(answer).toEqual({ status: 400, reason: '268435461', ...refusal });
  });

  it('refuses a POST that does not say it is JSON', async () => {
    const request = sign({ method: 'POST', path: CLOSE_A1, body: MERCHANT_BODY });

    const answer = await answerTo(withHeaders(request, { 'Content-Type': 'text/plain' }));

    expect(answer).toMatchObject({
      status: 400,
      code: 'INVALID_REQUEST',
      message: expect.stringContaining('Content-Type'),
    });
  });

  it('refuses a query with a body', async () => {
    const answer = await answerTo(sign({ body: '{}' }));

    expect(answer).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  });
});
