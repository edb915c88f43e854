import { describe, expect, it } from '@jest/globals';
import { WxPayApiError, type WxPayApiErrorInit } from '../../../lib/errors/wxpay-api-error.js';

const REQUEST_ID = '0887CCB89F0610980118CAC19F5C20A5EC012898C703-268512771';

const refusal = (init: Partial<WxPayApiErrorInit> = {}): WxPayApiError =>
  new WxPayApiError({
    call: { operation: 'order.query', subject: 'order T20260101', merchant: 'eu' },
    code: 'ORDER_NOT_EXIST',
    httpStatus: 404,
    signed: false,
    ...init,
  });

describe('WxPayApiError', () => {
  it('has the fields of the reply and the meaning from the catalog', () => {
    const error = refusal({ requestId: REQUEST_ID, detail: { field: 'out_trade_no' }, retryAfterMs: 1500 });

    expect(Object.fromEntries(Object.entries(error))).toEqual({
      code: 'ORDER_NOT_EXIST',
      kind: 'order-not-found',
      retryable: false,
      httpStatus: 404,
      signed: false,
      operation: 'order.query',
      merchant: 'eu',
      requestId: REQUEST_ID,
      reasonCode: '268512771',
      detail: { field: 'out_trade_no' },
      retryAfterMs: 1500,
    });
  });

  it('has a message with the failure, the call and the remedy', () => {
    const error = refusal({ requestId: REQUEST_ID, text: '订单不存在', detail: { field: 'out_trade_no' } });

    expect(error.message).toBe(
      `WeChat Pay refused order.query of order T20260101 with ORDER_NOT_EXIST (HTTP 404, Request-ID ${REQUEST_ID}, no such order, field out_trade_no, unsigned). ` +
        'It said: "订单不存在". ' +
        'Check the number and the merchant; a combine order is only found by the combine API. An order placed a moment ago may need a second try.',
    );
  });

  it('leaves absent facts out of the message', () => {
    const error = refusal({ code: 'ORDER_PAID', httpStatus: 400, signed: true, text: '' });

    expect(error.message).toBe(
      'WeChat Pay refused order.query of order T20260101 with ORDER_PAID (HTTP 400). Query the order, then fulfil or refund it.',
    );
    expect(refusal({ code: 'ORDER_PAID', httpStatus: 400, signed: true }).message).toBe(error.message);
  });

  it('has no fields for absent facts', () => {
    expect(Object.keys(refusal()).toSorted()).toEqual([
      'code',
      'httpStatus',
      'kind',
      'merchant',
      'operation',
      'retryable',
      'signed',
    ]);
  });

  it('is retryable if WeChat Pay asks for a retry, whatever the code', () => {
    const error = refusal({ code: 'BRAND_NEW', asksAgain: true });

    expect(error).toMatchObject({ asksAgain: true, retryable: true });
  });

  it.each([false, undefined])(
    'is as retryable as its code if WeChat Pay asks for no retry: %p',
    (asksAgain) => {
      const error = refusal({ code: 'BRAND_NEW', asksAgain });

      expect(error.retryable).toBe(false);
      expect(error).not.toHaveProperty('asksAgain');
    },
  );

  it.each([
    ['268512771', 'no such order'],
    ['268449538', 'already paid'],
    ['268498689', 'already paid'],
    ['268447914', 'expired or closed'],
    ['268449641', 'cannot be closed, reverse it'],
    ['268447843', 'the merchant does not own this order'],
    ['268447845', 'the sub-merchant does not own this order'],
    ['268447840', 'too many requests'],
    ['268443699', 'wrong signature'],
    ['268443715', 'merchant disabled'],
    ['268435461', 'bad parameter'],
    ['270924358', 'superfluous parameter'],
  ])('explains the reason %s as "%s"', (reasonCode, meaning) => {
    expect(refusal({ requestId: `0887CCB8-${reasonCode}` }).message).toContain(
      `(HTTP 404, Request-ID 0887CCB8-${reasonCode}, ${meaning}, unsigned)`,
    );
  });

  it('has the code in the spelling of the current pages', () => {
    expect(refusal({ code: 'ORDERPAID' })).toMatchObject({ code: 'ORDER_PAID', kind: 'order-state' });
  });

  it.each([
    ['SYSTEM_ERROR', true],
    ['FREQUENCY_LIMITED', true],
    ['USERPAYING', true],
    ['ORDER_PAID', false],
    ['SIGN_ERROR', false],
    ['BRAND_NEW', false],
  ])('takes retryable of %s from the catalog: %p', (code, retryable) => {
    expect(refusal({ code }).retryable).toBe(retryable);
  });

  it('is a rate limit with HTTP 429, for every code', () => {
    const error = refusal({ code: 'SLOW_DOWN', httpStatus: 429 });

    expect(error).toMatchObject({ code: 'SLOW_DOWN', kind: 'rate-limited', retryable: true });
    expect(error.message).toMatch(/Lower the request rate of this merchant\.$/);
  });

  it('keeps the name of an unknown code', () => {
    expect(refusal({ code: 'BRAND_NEW' })).toMatchObject({ code: 'BRAND_NEW', kind: 'unknown' });
  });

  it.each(['', 'not a code', '<script>', 'A\nB', 'A'.repeat(65), 'ab'.repeat(32), '订单不存在'])(
    'replaces a code that is not an identifier: %p',
    (code) => {
      expect(refusal({ code })).toMatchObject({ code: 'UNKNOWN', kind: 'unknown' });
    },
  );

  it.each([
    ['a reason', REQUEST_ID, '268512771'],
    ['a zero as the reason', '0887CCB8-0', '0'],
    ['no reason', '0887CCB8', undefined],
    ['a word in place of the reason', '0887CCB8-none', undefined],
    ['several hyphens', 'a1b2-3c4d-268435461', '268435461'],
    ['63 characters before the reason', `${'f'.repeat(63)}-268435461`, '268435461'],
  ])('reads a Request-ID with %s', (_, requestId, reasonCode) => {
    const error = refusal({ requestId });

    expect(error.requestId).toBe(requestId);
    expect(error.reasonCode).toBe(reasonCode);
  });

  it.each([
    '',
    'two words-1',
    '<b>-1',
    `a\n-1`,
    'f'.repeat(300),
    `${'f'.repeat(64)}-1`,
    'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    '错误-1',
  ])('drops a malformed Request-ID: %p', (requestId) => {
    const error = refusal({ requestId });

    expect(error).not.toHaveProperty('requestId');
    expect(error).not.toHaveProperty('reasonCode');
    expect(error.message).not.toContain('Request-ID');
  });

  it('drops the value that WeChat Pay quotes, which may be personal data', () => {
    const detail = { field: '/payer/openid', issue: '不匹配', location: 'body', value: '13800138000' };

    const error = refusal({ detail });

    expect(error.detail).toEqual({ field: '/payer/openid', issue: '不匹配', location: 'body' });
  });

  it('drops members of the detail that are not strings', () => {
    const detail = { field: 7, issue: null, location: 'body' } as object;

    expect(refusal({ detail }).detail).toEqual({ location: 'body' });
  });

  it('keeps the subject of the call on one line', () => {
    const call = { operation: 'order.query', subject: 'order T1\n[Nest] forged', merchant: 'eu' };

    expect(refusal({ call }).message).toMatch(
      /^WeChat Pay refused order\.query of order T1 \[Nest\] forged with/,
    );
  });

  it('quotes upstream text on one line, without secrets', () => {
    const error = refusal({ text: 'openid oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\n[Nest] forged' });

    expect(error.message).toContain('It said: "openid [openid] [Nest] forged".');
  });
});
