import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MockWxPayGateway, NewMockOrder } from 'nestjs-wxpay/testing';
import type { HandSignedRequest } from '../../support/signing/hand-signed-request.js';
import {
  handSignV2,
  isGenuineV2,
  sendV2,
  signatureByHand,
  xmlByHand,
  type V2Claims,
} from '../../support/signing/hand-signed-v2.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const CLOSE = '/pay/closeorder';
let gateway: MockWxPayGateway;
let serial = 0;

beforeAll(async () => {
  gateway = await startGateway({ ageRules: false });
  gateway.orders.create({ outTradeNo: 'A1', amount: { total: 100 } });
});
afterAll(() => gateway.stop());

const ask = (claims: V2Claims = {}, change: Partial<HandSignedRequest> = {}) =>
  sendV2(gateway, { ...handSignV2(gateway, claims), ...change });
const place = (order: Partial<NewMockOrder> = {}) =>
  gateway.orders.create({ outTradeNo: `T${++serial}`, amount: { total: 100 }, ...order });
const query = (fields: V2Claims['fields']): V2Claims => ({ fields: { out_trade_no: 'A1', ...fields } });

describe('MockWxPayGateway over APIv2, asked with a proper request', () => {
  it.each<[string, V2Claims, 'MD5' | 'HMAC-SHA256']>([
    ['MD5 by default', {}, 'MD5'],
    ['MD5 by name', { signType: 'MD5' }, 'MD5'],
    ['HMAC-SHA256', { signType: 'HMAC-SHA256' }, 'HMAC-SHA256'],
  ])('signs its answer with %s, as the request', async (_, claims, signType) => {
    const reply = await ask(claims);

    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('text/plain');
    expect(reply.fields).toMatchObject({
      return_code: 'SUCCESS',
      result_code: 'SUCCESS',
      out_trade_no: 'A1',
    });
    expect(isGenuineV2(gateway, reply, signType)).toBe(true);
  });

  it.each<[string, V2Claims['fields']]>([
    ['a nonce of 32 characters', { nonce_str: 'x'.repeat(32) }],
    ['an empty field, which is not signed', { sub_mch_id: '' }],
    ['the version for details of goods', { version: '1.0' }],
  ])('accepts %s', async (_, fields) => {
    const reply = await ask(query(fields));

    expect(reply.fields).toMatchObject({ result_code: 'SUCCESS' });
  });
});

describe('MockWxPayGateway over APIv2, receiving a message that could not be verified', () => {
  it.each<[string, V2Claims, string, string]>([
    ['a signature with another key', { key: 'x'.repeat(32) }, '签名错误，请检查后再试', 'SIGNERROR'],
    ['a signature of something else', { sign: 'A'.repeat(32) }, '签名错误，请检查后再试', 'SIGNERROR'],
    ['no signature', { sign: '' }, '缺少参数sign', 'LACK_PARAMS'],
    ['another merchant', query({ mch_id: '1900000002' }), 'mch_id参数格式错误', 'MCHID_NOT_EXIST'],
    ['no merchant', query({ mch_id: undefined }), '缺少参数mch_id', 'LACK_PARAMS'],
    ['another appid', query({ appid: 'wx1' }), '商户号mch_id与appid不匹配', 'APPID_MCHID_NOT_MATCH'],
    ['no appid', query({ appid: undefined }), '缺少参数appid', 'LACK_PARAMS'],
    ['no nonce', query({ nonce_str: undefined }), 'nonce_str参数长度有误', 'PARAM_ERROR'],
    [
      'a nonce that is too long',
      query({ nonce_str: 'x'.repeat(33) }),
      'nonce_str参数长度有误',
      'PARAM_ERROR',
    ],
    ['another kind of signature', query({ sign_type: 'RSA' }), 'sign_type参数不正确', 'PARAM_ERROR'],
  ])('refuses %s, unsigned', async (_, claims, text, code) => {
    const reply = await ask(claims);

    expect(reply.status).toBe(200);
    expect(reply.fields).toEqual({ return_code: 'FAIL', return_msg: text });
    expect(gateway.requests.at(-1)).toMatchObject({ status: 200, code });
    expect(gateway.requests.at(-1)).not.toHaveProperty('operation');
  });

  it('refuses an MD5 signature that calls itself HMAC-SHA256', async () => {
    const fields = { appid: 'wx8888888888888888', mch_id: '1900000001', nonce_str: 'n', out_trade_no: 'A1' };
    const claimed = { ...fields, sign_type: 'HMAC-SHA256' };
    const sign = signatureByHand(claimed, 'MD5', gateway.keys.apiV2Key);

    const reply = await ask({}, { body: xmlByHand({ ...claimed, sign }) });

    expect(reply.fields).toEqual({ return_code: 'FAIL', return_msg: '签名错误，请检查后再试' });
  });

  it('refuses a field that was changed after signing', async () => {
    const request = handSignV2(gateway, { path: CLOSE });

    const reply = await sendV2(gateway, { ...request, body: String(request.body).replace('A1', 'A2') });

    expect(reply.fields).toEqual({ return_code: 'FAIL', return_msg: '签名错误，请检查后再试' });
  });

  it('rejects a replayed request, but accepts a nonce that only a forged request has used', async () => {
    const request = handSignV2(gateway);
    await sendV2(gateway, { ...request, body: String(request.body).replace('A1', 'A2') });

    const [first, second] = [await sendV2(gateway, request), await sendV2(gateway, request)];

    expect(first.fields).toMatchObject({ result_code: 'SUCCESS' });
    expect(second.fields).toEqual({ return_code: 'FAIL', return_msg: '请求重放：nonce_str已使用' });
  });

  const xml = '<xml><appid>wx1</appid></xml>';
  it.each<[string, Partial<HandSignedRequest>, string]>([
    ['GET', { method: 'GET', body: '' }, '请使用post方法'],
    ['no body', { body: '' }, 'post数据为空'],
    ['JSON', { body: '{}' }, 'XML格式错误'],
    ['half a message', { body: xml.slice(0, -3) }, 'XML格式错误'],
    ['a document type', { body: `<!DOCTYPE xml>${xml}` }, 'XML格式错误'],
    ['a field twice', { body: xml.replace('<xml>', '<xml><appid>wx1</appid>') }, 'XML格式错误'],
    ['another root', { body: '<a></a>' }, 'XML格式错误'],
    [
      'a body that is not called XML',
      { headers: { 'Content-Type': 'text/plain' } },
      'Content-Type不是text/xml',
    ],
  ])('refuses %s', async (_, change, text) => {
    const { fields } = await ask({}, change);

    expect(fields).toEqual({ return_code: 'FAIL', return_msg: text });
  });

  it.each([
    ['GET', { method: 'GET', body: '' }],
    ['a signed request', {}],
  ])('answers %s with an empty 404 where it has no such endpoint', async (_, change) => {
    expect(await ask({ path: '/pay/report' }, change)).toMatchObject({ status: 404, body: '' });
  });
});

describe('MockWxPayGateway over APIv2, asked with a genuine request', () => {
  it.each<[string, V2Claims, string, string]>([
    ['an unknown number', query({ out_trade_no: 'NEVER' }), 'ORDERNOTEXIST', '此交易订单号不存在'],
    ['no number', query({ out_trade_no: undefined }), 'LACK_PARAMS', '缺少参数transaction_id或out_trade_no'],
    ['a malformed number', query({ out_trade_no: 'A 1' }), 'PARAM_ERROR', '参数out_trade_no格式错误'],
    ['a field too many', query({ out_trade_number: 'A1' }), 'PARAM_ERROR', '多余的参数out_trade_number'],
    ['a sub-merchant who is no number', query({ sub_mch_id: 'me' }), 'PARAM_ERROR', '参数sub_mch_id格式错误'],
    ['the appid of no sub-merchant', query({ sub_appid: 'wxsub' }), 'LACK_PARAMS', '缺少参数sub_mch_id'],
    ['another version', query({ version: '2.0' }), 'PARAM_ERROR', '参数version格式错误'],
    [
      'a sub-merchant without that order',
      query({ sub_mch_id: '1900000109' }),
      'ORDERNOTEXIST',
      '此交易订单号不存在',
    ],
    [
      'the number of WeChat in a close',
      { path: CLOSE, fields: { out_trade_no: 'A1', transaction_id: '42' } },
      'PARAM_ERROR',
      '多余的参数transaction_id',
    ],
    ['no number in a close', { path: CLOSE, fields: {} }, 'LACK_PARAMS', '缺少参数out_trade_no'],
  ])('refuses %s, signed', async (_, claims, code, text) => {
    const reply = await ask({ ...claims, signType: 'HMAC-SHA256' });

    expect(reply.status).toBe(200);
    expect(reply.fields).toMatchObject({
      return_code: 'SUCCESS',
      result_code: 'FAIL',
      err_code: code,
      err_code_des: text,
      appid: 'wx8888888888888888',
      mch_id: '1900000001',
    });
    expect(isGenuineV2(gateway, reply, 'HMAC-SHA256')).toBe(true);
    expect(gateway.requests.at(-1)).toMatchObject({ status: 200, code });
  });

  it("does not know a sub-merchant's order as its own, by either number", async () => {
    const { outTradeNo, transactionId } = gateway.orders.pay(place({ subMchid: '1900000109' }));

    const replies = [
      await ask({ fields: { out_trade_no: outTradeNo } }),
      await ask({ fields: { transaction_id: transactionId } }),
    ];

    expect(replies.map(({ fields }) => fields.err_code)).toEqual(['ORDERNOTEXIST', 'ORDERNOTEXIST']);
  });

  it.each<[string, Partial<NewMockOrder>, (no: string) => unknown, string]>([
    ['paid', {}, (no) => gateway.orders.pay(no), 'ORDERPAID'],
    ['refunded', {}, (no) => [gateway.orders.pay(no), gateway.orders.refund(no)], 'ORDERPAID'],
    ['closed', {}, (no) => gateway.orders.close(no), 'ORDERCLOSED'],
    ['reversed', {}, (no) => gateway.orders.setState(no, 'REVOKED'), 'ORDERREVERSED'],
    ['of 付款码', { tradeType: 'MICROPAY' }, () => undefined, 'TRADE_STATE_ERROR'],
    ['being paid', {}, (no) => gateway.orders.setState(no, 'USERPAYING'), 'TRADE_STATE_ERROR'],
  ])('refuses to close an order that is %s', async (_, order, change, code) => {
    const { outTradeNo } = place(order);
    change(outTradeNo);
    const before = gateway.orders.get(outTradeNo);

    const reply = await ask({ path: CLOSE, fields: { out_trade_no: outTradeNo } });

    expect(reply.fields).toMatchObject({ result_code: 'FAIL', err_code: code });
    expect(isGenuineV2(gateway, reply)).toBe(true);
    expect(gateway.orders.get(outTradeNo)).toBe(before);
  });

  it('leaves out the amount of a bare order until it is paid', async () => {
    const { outTradeNo } = place({ bare: true });

    const unpaid = await ask({ fields: { out_trade_no: outTradeNo } });
    gateway.orders.pay(outTradeNo);
    const paid = await ask({ fields: { out_trade_no: outTradeNo } });

    expect(unpaid.fields).not.toHaveProperty('total_fee');
    expect(paid.fields).toHaveProperty('total_fee', '100');
  });

  it('shows it in `requests`', async () => {
    const { outTradeNo, transactionId } = gateway.orders.pay(place().outTradeNo);
    await ask({ fields: { transaction_id: transactionId } });

    expect(gateway.requests.at(-1)).toMatchObject({
      method: 'POST',
      path: '/pay/orderquery',
      operation: 'order.query',
      outTradeNo,
      status: 200,
    });
  });
});
