import { describe, expect, it } from '@jest/globals';
import { WxPayApiError, type WxPayApiErrorInit } from '../../../lib/errors/wxpay-api-error.js';
import { toHttpException } from '../../../lib/filters/to-http-exception.js';

const refused = (init: Pick<WxPayApiErrorInit, 'code' | 'detail'>): WxPayApiError =>
  new WxPayApiError({
    call: { operation: 'order.query', subject: 'order T1', merchant: 'default' },
    httpStatus: 400,
    signed: false,
    ...init,
  });

describe('toHttpException, for a value that WeChat Pay refuses', () => {
  it.each([
    'out_trade_no',
    '/body/out_trade_no',
    '#/out_trade_no',
    'body.out_trade_no',
    '$.transaction_id',
    'sub_mchid',
    'combine_out_trade_no',
    '/sub_orders/0/out_trade_no',
    'sub_orders[1].transaction_id',
    '/sub_orders/0/sub_mchid',
    'sub_mch_id',
    '/payer/auth_code',
    'bill_date',
    'out_refund_no',
  ])('responds with 400 for a rejected value of %s', (field) => {
    for (const code of ['PARAM_ERROR', 'INVALID_REQUEST']) {
      expect(toHttpException(refused({ code, detail: { field } })).getStatus()).toBe(400);
    }
  });

  it('names the rejected value of the client in a message of our own', () => {
    const detail = { field: '/sub_orders/0/out_trade_no', issue: 'internal' };

    expect(toHttpException(refused({ code: 'PARAM_ERROR', detail })).getResponse()).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      code: 'PARAM_ERROR',
      message: 'WeChat Pay refused the value of out_trade_no.',
    });
  });

  it.each([
    undefined,
    '',
    'mchid',
    '/amount/currency',
    'sp_mchid',
    'my_out_trade_no',
    'notify_url',
    '/sub_orders',
    '/sub_orders/0/mchid',
    '/sub_orders/0/description',
    '#/sub_orders/1/amount/total_amount',
  ])('responds with 500 for a rejected value of %p, which the app set', (field) => {
    for (const code of ['PARAM_ERROR', 'INVALID_REQUEST']) {
      expect(toHttpException(refused({ code, detail: { field } })).getStatus()).toBe(500);
    }
  });

  it('responds with 500 for wrong credentials, even if a field of the client is named', () => {
    expect(toHttpException(refused({ code: 'NO_AUTH', detail: { field: 'sub_mchid' } })).getStatus()).toBe(
      500,
    );
  });
});
