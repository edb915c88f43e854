import { describe, expect, it } from '@jest/globals';
import { findError } from '../../../lib/errors/catalog.js';
import { findMeaning, findMeaningOfKind, SPECIAL_CASES } from '../../../lib/errors/special-cases.js';
import { WxPayApiError, type WxPayApiErrorInit } from '../../../lib/errors/wxpay-api-error.js';

const refusal = (init: Partial<WxPayApiErrorInit> & { readonly code: string }): WxPayApiError =>
  new WxPayApiError({
    call: { operation: 'order.query', subject: 'order T1', merchant: 'default' },
    httpStatus: 400,
    signed: false,
    ...init,
  });
const request = (subject: string) => ({ operation: 'request', subject, merchant: 'default' });

describe('SPECIAL_CASES', () => {
  it.each(SPECIAL_CASES)('has message and remedy of $code $when in whole sentences', (each) => {
    expect(each.message).toMatch(/^[A-Z].*\.$/);
    expect(each.remedy).toMatch(/^[A-Z].*\.$/);
    expect(each.when).toMatch(/^(about|field|of|over) /);
    expect(findError(each.code).code).toBe(each.code);
  });

  it('has one row per code, kind and operation, which the filter finds by them', () => {
    for (const { code, kind, status, message, operation = '' } of SPECIAL_CASES) {
      const facts = { code, httpStatus: 400, kind, operation: `order${operation}` };

      expect(findMeaningOfKind(facts)).toMatchObject({ kind, status, message });
    }
  });
});

describe('WxPayApiError with NO_AUTH', () => {
  it('says to pass the sub-merchant if its field is missing', () => {
    const { kind, message } = refusal({ code: 'NO_AUTH', detail: { field: 'sub_mch_id' } });

    expect(kind).toBe('permission');
    expect(message).toMatch(/Pass the subMchid of the order:/);
  });

  it('names the merchant console otherwise', () => {
    const text = 'sub_mch_id与sub_appid不匹配';

    expect(refusal({ code: 'NO_AUTH', text }).message).toContain(findError('NO_AUTH').remedy);
  });
});

describe('WxPayApiError with SIGN_ERROR', () => {
  it.each([
    ['mchid', '商户号有误', 'WXPAY_MCHID'],
    ['serial_no', '商户证书序列号有误。请使用签名私钥匹配的证书序列号', 'WXPAY_SERIAL_NO'],
    ['timestamp', 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟', 'clock of this machine'],
    ['signature', '错误的签名，验签失败', 'WXPAY_PRIVATE_KEY'],
  ])('has only the remedy of the field %s', (field, text, remedy) => {
    const remedies = [
      refusal({ code: 'SIGN_ERROR', httpStatus: 401, detail: { field }, text: '签名错误' }),
      refusal({ code: 'SIGN_ERROR', httpStatus: 401, text }),
    ];

    for (const { message, kind } of remedies) {
      const others = ['WXPAY_MCHID', 'WXPAY_SERIAL_NO', 'clock of this machine', 'WXPAY_PRIVATE_KEY'].filter(
        (each) => message.includes(each),
      );
      expect(others).toEqual([remedy]);
      expect(kind).toBe('credentials');
    }
  });

  it('prefers the field to the text', () => {
    const error = refusal({
      code: 'SIGN_ERROR',
      httpStatus: 401,
      detail: { field: 'timestamp' },
      text: '错误的签名，验签失败',
    });

    expect(error.message).toContain('Set the clock');
  });

  it('lists all causes if neither field nor text names one', () => {
    const { remedy } = findError('SIGN_ERROR');

    expect(refusal({ code: 'SIGN_ERROR', httpStatus: 401, text: '签名错误' }).message).toContain(remedy);
  });

  it('matches the issue if there is no field', () => {
    const detail = { issue: 'sign not match' };

    expect(refusal({ code: 'SIGN_ERROR', httpStatus: 401, text: '签名错误', detail }).message).toContain(
      'WXPAY_PRIVATE_KEY',
    );
  });

  it('names the APIv2 key over APIv2', () => {
    expect(refusal({ code: 'SIGN_ERROR', httpStatus: 200, text: '签名错误' }).message).toContain(
      'WXPAY_API_V2_KEY',
    );
  });

  it('includes the length of the message that WeChat Pay checked', () => {
    const detail = { field: 'signature', signMessageLength: 183 };

    const error = refusal({ code: 'SIGN_ERROR', httpStatus: 401, detail });

    expect(error.detail).toEqual(detail);
    expect(error.message).toContain('field signature, sign_message_length 183');
  });
});

describe('WxPayApiError about Wechatpay-Serial', () => {
  it.each([
    ['text', { code: 'PARAM_ERROR', text: '平台证书序列号Wechatpay-Serial错误' }],
    ['text of a header that is missing', { code: 'PARAM_ERROR', text: 'HTTP header缺少(Wechatpay-Serial)' }],
    ['field', { code: 'INVALID_REQUEST', detail: { field: 'Wechatpay-Serial' } }],
    ['path to the field', { code: 'PARAM_ERROR', detail: { field: '/header/wechatpay-serial' } }],
  ])('with %s has kind credentials and names the public key id', (_, init) => {
    const error = refusal(init);

    expect(error).toMatchObject({ code: init.code, kind: 'credentials', retryable: false });
    expect(error.message).toContain('Check publicKeyId (WXPAY_PUBLIC_KEY_ID)');
  });

  it('is still a rate limit with HTTP 429', () => {
    const error = refusal({ code: 'PARAM_ERROR', httpStatus: 429, text: 'Wechatpay-Serial' });

    expect(error.kind).toBe('rate-limited');
    expect(findMeaningOfKind(error).status).toBe(503);
  });
});

describe('WxPayApiError with RESOURCE_NOT_EXISTS', () => {
  it.each([
    ['a refund query', { call: request('GET /v3/refund/domestic/refunds/R1'), text: '退款单不存在' }],
    ['an e-commerce refund', { call: request('GET /v3/ecommerce/refunds/id/5'), text: '记录不存在' }],
    ['a call whose text names a refund', { text: '退款单不存在' }],
    ['an operation of refunds', { call: { ...request('refund R1'), operation: 'refund.query' } }],
  ])('of %s has kind refund-not-found', (_, init) => {
    const error = refusal({ code: 'RESOURCE_NOT_EXISTS', httpStatus: 404, ...init });

    expect(error).toMatchObject({ kind: 'refund-not-found', code: 'RESOURCE_NOT_EXISTS' });
    expect(error.message).toContain('Check the numbers of the refund and of its order');
  });

  it('reads the text and the issue apart', () => {
    const init = { call: request('GET /v3/refund/domestic/refunds/R1'), text: '退款单或原订单' };

    const error = refusal({ code: 'RESOURCE_NOT_EXISTS', ...init, detail: { issue: '不存在' } });

    expect(error.kind).toBe('refund-not-found');
  });

  it.each([
    ['a request for a refund', { call: request('POST /v3/refund/domestic/refunds'), text: '原订单不存在' }],
    [
      'an operation of refunds',
      { call: { ...request('refund R1'), operation: 'refund.create' }, text: '订单不存在' },
    ],
  ])('of %s, about its order, has kind order-not-found', (_, init) => {
    const error = refusal({ code: 'RESOURCE_NOT_EXISTS', httpStatus: 404, ...init });

    expect(error.kind).toBe('order-not-found');
    expect(error.message).toContain('Check the number of the order');
  });

  it.each([
    [
      'the download of certificates',
      { call: { ...request('merchant 1'), operation: 'certificates.download' } },
    ],
    [
      'a call whose text names certificates',
      { text: '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。' },
    ],
  ])('of %s has kind credentials', (_, init) => {
    const error = refusal({ code: 'RESOURCE_NOT_EXISTS', httpStatus: 404, ...init });

    expect(error.kind).toBe('credentials');
    expect(error.message).toContain('use the WeChat Pay public key');
  });

  it.each(['记录不存在', '分账订单不存在'])('of any other endpoint has kind request: "%s"', (text) => {
    const call = request('GET /v3/profitsharing/orders/refund-1');

    expect(refusal({ code: 'RESOURCE_NOT_EXISTS', httpStatus: 404, call, text }).kind).toBe('request');
  });
});

describe('WxPayApiError of a refund', () => {
  const call = { ...request('refund R1'), operation: 'refund.create' };

  it.each([
    ['INVALID_REQUEST', '订单已全额退款'],
    ['INVALID_REQUEST', '订单金额或退款金额与之前请求不一致，请核实后再试'],
    ['INVALID_REQUEST', 'refund_fee大于可退金额'],
    ['ERROR', '订单已全额退款'],
    ['TRADE_OVERDUE', '订单已经超过退款期限'],
    ['USER_ACCOUNT_ABNORMAL', '用户账户异常'],
  ])('with %s and "%s" is about the state of the order', (code, text) => {
    expect(refusal({ code, text, call })).toMatchObject({ code, kind: 'order-state', retryable: false });
  });

  it.each([
    'POST /secapi/pay/refund',
    'POST /v3/refund/domestic/refunds',
    'POST /v3/ecommerce/refunds/apply',
    'POST /pay/refundquery',
  ])('of the request %s is about the state of the order', (subject) => {
    const init = { call: request(subject), text: 'refund_fee大于可退金额' };

    expect(refusal({ code: 'INVALID_REQUEST', ...init }).kind).toBe('order-state');
  });

  it('with INVALID_REQUEST about the request itself has kind request', () => {
    expect(refusal({ code: 'INVALID_REQUEST', text: '请求报文主体不是JSON对象', call }).kind).toBe('request');
  });

  it('with NOTENOUGH says to top up the account', () => {
    const error = refusal({ code: 'NOTENOUGH', httpStatus: 200, call });

    expect(error).toMatchObject({ code: 'NOT_ENOUGH', kind: 'account', retryable: false });
    expect(error.message).toContain('top it up');
  });
});

describe('findMeaning', () => {
  it('keeps the retryable that the status implies', () => {
    const facts = { operation: 'order.query', subject: 'order T1', code: 'PARAM_ERROR', httpStatus: 202 };

    expect(findMeaning({ ...facts, text: 'Wechatpay-Serial' })).toMatchObject({
      kind: 'credentials',
      retryable: true,
    });
  });
});
