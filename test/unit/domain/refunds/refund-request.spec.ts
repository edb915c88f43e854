import { describe, expect, it } from '@jest/globals';
import { checkRefundRef } from '../../../../lib/domain/refunds/refund-ref.js';
import { checkRefundRequest, type RefundRequest } from '../../../../lib/domain/refunds/refund-request.js';
import { WxPayInputError } from '../../../../lib/errors/wxpay-input-error.js';

const REQUEST: RefundRequest = {
  outTradeNo: 'T1',
  outRefundNo: 'R1',
  amount: { refund: 30, total: 100 },
};
const RULES = { isLocalNotifyUrlAllowed: false };
const check = (change: object, rules: Parameters<typeof checkRefundRequest>[1] = RULES) =>
  checkRefundRequest({ ...REQUEST, ...change }, rules);
const GOODS = { merchantGoodsId: 'g', unitPrice: 1, refundAmount: 1, refundQuantity: 1 };

describe('checkRefundRequest', () => {
  it('copies the members that it knows, so that later changes are not sent', () => {
    const amount = { refund: 30, total: 100, from: [{ account: 'AVAILABLE', amount: 30 }], more: 1 };
    const goodsDetail = [{ ...GOODS, goodsName: '茶', more: 1 }];

    const checked = check({ amount, goodsDetail, more: 1 });
    amount.refund = 31;
    goodsDetail.pop();

    expect(checked).toEqual({
      outTradeNo: 'T1',
      outRefundNo: 'R1',
      amount: { refund: 30, total: 100, from: [{ account: 'AVAILABLE', amount: 30 }] },
      goodsDetail: [{ ...GOODS, goodsName: '茶' }],
    });
  });

  it('takes the number of an order at WeChat Pay, null for absent members, and 64 characters for the refund', () => {
    const outRefundNo = 'r_-|*@9Z'.repeat(8);

    const checked = check({
      outTradeNo: null,
      transactionId: '42',
      outRefundNo,
      reason: null,
      notifyUrl: null,
    });

    expect(checked).toEqual({ transactionId: '42', outRefundNo, amount: REQUEST.amount });
  });

  it('fills in the address of the merchant for its refunds', () => {
    const rules = { ...RULES, refundNotifyUrl: 'https://shop.example/refunds' };

    expect(check({}, rules).notifyUrl).toBe('https://shop.example/refunds');
    expect(check({ notifyUrl: 'https://shop.example/own' }, rules).notifyUrl).toBe(
      'https://shop.example/own',
    );
  });

  it('takes plain http for a loopback address only where the gateway is on this machine', () => {
    const notifyUrl = 'http://127.0.0.1:3000/refunds';

    expect(check({ notifyUrl }, { isLocalNotifyUrlAllowed: true }).notifyUrl).toBe(notifyUrl);
    expect(() => check({ notifyUrl })).toThrow(WxPayInputError);
  });

  it('measures a reason in characters', () => {
    expect(check({ reason: '退'.repeat(80) }).reason).toHaveLength(80);
    expect(() => check({ reason: '退'.repeat(81) })).toThrow(WxPayInputError);
  });

  it.each<[string, object]>([
    ['ref', { outTradeNo: undefined }],
    ['ref', { transactionId: '42' }],
    ['outTradeNo', { outTradeNo: 'T 1' }],
    ['subMchid', { subMchid: 'x' }],
    ['outRefundNo', { outRefundNo: undefined }],
    ['outRefundNo', { outRefundNo: '' }],
    ['outRefundNo', { outRefundNo: 'R/1' }],
    ['outRefundNo', { outRefundNo: 'R'.repeat(65) }],
    ['amount', { amount: undefined }],
    ['amount', { amount: 30 }],
    ['amount.refund', { amount: { refund: 0, total: 100 } }],
    ['amount.refund', { amount: { refund: 0.5, total: 100 } }],
    ['amount.refund', { amount: { refund: '30', total: 100 } }],
    ['amount.refund', { amount: { refund: 101, total: 100 } }],
    ['amount.total', { amount: { refund: 30 } }],
    ['amount.total', { amount: { refund: 30, total: Number.NaN } }],
    ['amount.currency', { amount: { refund: 30, total: 100, currency: 'cny' } }],
    ['amount.from', { amount: { refund: 30, total: 100, from: [] } }],
    ['amount.from', { amount: { refund: 30, total: 100, from: [{ account: 'AVAILABLE', amount: 29 }] } }],
    [
      'amount.from',
      {
        amount: {
          refund: 30,
          total: 100,
          from: [
            { account: 'AVAILABLE', amount: 10 },
            { account: 'AVAILABLE', amount: 20 },
          ],
        },
      },
    ],
    [
      'amount.from[0].account',
      { amount: { refund: 30, total: 100, from: [{ account: 'BASIC', amount: 30 }] } },
    ],
    ['reason', { reason: '' }],
    ['reason', { reason: 7 }],
    ['reason', { reason: 'x'.repeat(81) }],
    ['notifyUrl', { notifyUrl: 'http://shop.example/refunds' }],
    ['notifyUrl', { notifyUrl: 'https://shop.example/refunds?order=1' }],
    ['notifyUrl', { notifyUrl: `https://shop.example/${'x'.repeat(240)}` }],
    ['fundsAccount', { fundsAccount: 'UNAVAILABLE' }],
    ['goodsDetail', { goodsDetail: [] }],
    ['goodsDetail[0]', { goodsDetail: [null] }],
    ['goodsDetail[1].merchantGoodsId', { goodsDetail: [GOODS, { ...GOODS, merchantGoodsId: '' }] }],
    ['goodsDetail[0].goodsName', { goodsDetail: [{ ...GOODS, goodsName: 'x'.repeat(257) }] }],
    ['goodsDetail[0].unitPrice', { goodsDetail: [{ ...GOODS, unitPrice: -1 }] }],
    ['goodsDetail[0].refundQuantity', { goodsDetail: [{ ...GOODS, refundQuantity: 0 }] }],
  ])('names %s in %j', (field, change) => {
    expect(() => check(change)).toThrow(expect.objectContaining({ code: 'WXPAY_INPUT', field }));
  });

  it.each([undefined, null, 'R1', 7])('refuses %p in place of a request', (request) => {
    expect(() => checkRefundRequest(request as never, RULES)).toThrow(WxPayInputError);
  });
});

describe('checkRefundRef', () => {
  it('takes a request, a refund or a row of a database', () => {
    expect(checkRefundRef({ ...REQUEST, subMchid: '1900000109' })).toEqual({
      outRefundNo: 'R1',
      subMchid: '1900000109',
    });
    expect(checkRefundRef({ outRefundNo: 'R1', subMchid: null } as never)).toEqual({ outRefundNo: 'R1' });
  });

  it.each([undefined, null, 'R1', {}, { outRefundNo: 1 }])('refuses %p', (ref) => {
    expect(() => checkRefundRef(ref as never)).toThrow(expect.objectContaining({ field: 'outRefundNo' }));
  });
});
