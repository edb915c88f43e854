import { describe, expect, it } from '@jest/globals';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayProtocolError } from '../../../lib/errors/wxpay-protocol-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { decodeV3Error } from '../../../lib/v3/decode-error.js';

const call = { operation: 'order.query', subject: 'order T1', merchant: 'shop' };

function decode(status: number, body: unknown, signed = false) {
  const reply = { status, headers: new Map<string, string>(), body: Buffer.from(JSON.stringify(body)) };
  return decodeV3Error(reply, { call, host: 'https://api.mch.weixin.qq.com', signed, now: 0 });
}

describe('decodeV3Error', () => {
  it('reads code, message and detail', () => {
    const detail = { field: '/mchid', issue: 'too long', location: 'query' };

    const error = decode(400, {
      code: 'PARAM_ERROR',
      message: '参数错误',
      detail: { ...detail, value: 'x' },
    });

    expect(error).toBeInstanceOf(WxPayApiError);
    expect(error).toMatchObject({ code: 'PARAM_ERROR', httpStatus: 400, signed: false, detail });
    expect(error.message).toContain('It said: "参数错误".');
  });

  it.each([{ code: 5 }, { code: '' }, { code: null }, { message: 'no code' }, [], 'PARAM_ERROR', null])(
    'treats %j as the page of an intermediary',
    (body) => {
      expect(decode(502, body)).toBeInstanceOf(WxPayTransportError);
    },
  );

  it.each([
    ['message', { message: '' }],
    ['message', { message: 5 }],
    ['detail', { detail: null }],
    ['detail', { detail: 'x' }],
  ])('leaves out a %s without content: %j', (_, odd) => {
    const plain = decode(400, { code: 'PARAM_ERROR' });

    const error = decode(400, { code: 'PARAM_ERROR', ...odd });

    expect(error.message).toBe(plain.message);
    expect(error).toMatchObject({ code: 'PARAM_ERROR' });
    expect(error).not.toHaveProperty('detail');
  });

  it('leaves out members of the detail without content', () => {
    const error = decode(400, { code: 'PARAM_ERROR', detail: { field: '', issue: 5, location: 'body' } });

    expect(error).toMatchObject({ detail: { location: 'body' } });
    expect(Object.keys((error as WxPayApiError).detail ?? {})).toEqual(['location']);
  });

  it('tells what to do about a verified status that is not documented', () => {
    const error = decode(202, {}, true);

    expect(error).toBeInstanceOf(WxPayProtocolError);
    expect(error).toMatchObject({ path: '$', merchant: 'shop', httpStatus: 202 });
    expect(error.message).toBe(
      "The verified reply to order.query of order T1 has HTTP 202, which WeChat Pay's documentation does not list. It was not interpreted: query the order; if it persists, report it.",
    );
  });

  it('keeps the body of a verified status that is not documented', () => {
    expect(decode(202, { status: 'PROCESSING' }, true)).toMatchObject({ raw: { status: 'PROCESSING' } });
  });
});
