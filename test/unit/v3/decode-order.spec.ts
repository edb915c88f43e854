import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { decodeOrder, decodePartnerOrder } from '../../../lib/v3/decode-order.js';
import { parseJson } from '../../../lib/v3/json.js';

// The answer printed on https://pay.weixin.qq.com/doc/v3/merchant/4013070356, without its stray tab.
const PAID = {
  appid: 'wxd678efh567hg6787',
  mchid: '1230000109',
  out_trade_no: '1217752501201407033233368018',
  transaction_id: '1217752501201407033233368018',
  trade_type: 'APP',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  bank_type: 'CMC',
  attach: '自定义数据',
  success_time: '2018-06-08T10:34:56+08:00',
  payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
  amount: { total: 100, payer_total: 90, currency: 'CNY', payer_currency: 'CNY' },
  scene_info: { device_id: '013467007045764', store_info: { id: '0001', out_id: 'A1' } },
  promotion_detail: [
    {
      coupon_id: '109519',
      name: '单品惠-6',
      scope: 'SINGLE',
      type: 'CASH',
      amount: 10,
      stock_id: '931386',
      wechatpay_contribute: 0,
      merchant_contribute: 10,
      other_contribute: 0,
      currency: 'CNY',
      goods_detail: [
        {
          goods_id: 'M1006',
          quantity: 1,
          unit_price: 100,
          discount_amount: 10,
          goods_remark: '商品备注信息',
        },
      ],
    },
  ],
};
const UNPAID = {
  mchid: '1230000109',
  out_trade_no: 'T1',
  trade_state: 'NOTPAY',
  trade_state_desc: '订单未支付',
};

const decode = (json: unknown) => decodeOrder(parseJson(Buffer.from(JSON.stringify(json))), '$');
const decodePartner = (json: unknown) =>
  decodePartnerOrder(parseJson(Buffer.from(JSON.stringify(json))), '$');

describe('decodeOrder', () => {
  it('reads every field of the official sample', () => {
    expect({ ...decode(PAID) }).toEqual({
      appid: 'wxd678efh567hg6787',
      mchid: '1230000109',
      outTradeNo: '1217752501201407033233368018',
      transactionId: '1217752501201407033233368018',
      tradeType: 'APP',
      tradeState: 'SUCCESS',
      tradeStateDesc: '支付成功',
      bankType: 'CMC',
      attach: '自定义数据',
      successTime: new Date('2018-06-08T02:34:56Z'),
      payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
      amount: { total: 100, payerTotal: 90, currency: 'CNY', payerCurrency: 'CNY' },
      sceneInfo: { deviceId: '013467007045764', storeInfo: { id: '0001', outId: 'A1' } },
      promotionDetail: [
        {
          couponId: '109519',
          name: '单品惠-6',
          scope: 'SINGLE',
          type: 'CASH',
          amount: 10,
          stockId: '931386',
          wechatpayContribute: 0,
          merchantContribute: 10,
          otherContribute: 0,
          currency: 'CNY',
          goodsDetail: [
            {
              goodsId: 'M1006',
              quantity: 1,
              unitPrice: 100,
              discountAmount: 10,
              goodsRemark: '商品备注信息',
            },
          ],
        },
      ],
    });
  });

  it('reads the openid under the appid of a sub-merchant as well', () => {
    expect(decode({ ...UNPAID, payer: { sub_openid: 'oAlice' } }).payer).toEqual({ subOpenid: 'oAlice' });
  });

  it('reads an unpaid order without amount and payer', () => {
    expect(Object.keys(decode(UNPAID))).toEqual(['mchid', 'outTradeNo', 'tradeState', 'tradeStateDesc']);
  });

  it('reads an unpaid order with empty strings, null or empty objects for absent fields', () => {
    const order = decode({
      ...UNPAID,
      transaction_id: '',
      success_time: '',
      bank_type: null,
      payer: {},
      promotion_detail: [],
    });

    expect(order).not.toHaveProperty('transactionId');
    expect(order).not.toHaveProperty('successTime');
    expect(order).not.toHaveProperty('bankType');
    expect(order.payer).toEqual({});
    expect(order.promotionDetail).toEqual([]);
  });

  it.each([[[]], [{}]])('reads %j for a number or the type of an unpaid order as none', (none) => {
    const order = decode({ ...UNPAID, transaction_id: none, trade_type: none });

    expect(Object.keys(order)).toEqual(['mchid', 'outTradeNo', 'tradeState', 'tradeStateDesc']);
  });

  it('keeps unknown states, types and fields', () => {
    const order = decode({ ...UNPAID, trade_state: 'FROZEN', trade_type: 'PALM', new_field: { deep: [1] } });

    expect(order).toMatchObject({ tradeState: 'FROZEN', tradeType: 'PALM' });
    expect(order.raw).toMatchObject({ new_field: { deep: [1] } });
  });

  it('keeps the raw reply out of logs', () => {
    const order = decode({ ...UNPAID, secret_of_the_future: 'hidden' });

    expect(Object.keys(order)).not.toContain('raw');
    expect(JSON.stringify(order) + inspect(order)).not.toContain('hidden');
  });

  it.each([
    ['$.mchid', { mchid: undefined }, 'is missing, not a string.'],
    ['$.mchid', { mchid: 1230000109 }, 'is a number, not a string.'],
    ['$.out_trade_no', { out_trade_no: '' }, 'is empty.'],
    ['$.transaction_id', { transaction_id: 42 }, 'is a number, not a string.'],
    ['$.trade_state', { trade_state: null }, 'is null, not a string.'],
    ['$.trade_type', { trade_state: 'NOTPAY', trade_type: 1 }, 'is a number, not a string.'],
    ['$.amount', { amount: '100' }, 'is a string of 3 characters, not an object.'],
    ['$.amount', { amount: [] }, 'is an array of 0, not an object.'],
    ['$.amount.total', { amount: { total: '100' } }, 'is a string of 3 characters, not an integer.'],
    ['$.amount.total', { amount: { total: 0.1 } }, 'is a number, not an integer.'],
    ['$.amount.total', { amount: {} }, 'is missing, not an integer.'],
    ['$.amount.currency', { amount: { total: 1, currency: 156 } }, 'is a number, not a string.'],
    ['$.amount.total', { trade_state: 'REFUND', amount: { total: null } }, 'is null, not an integer.'],
  ])('refuses a fault at %s', (path, fault, problem) => {
    expect(() => decode({ ...PAID, ...fault })).toThrow(`${path} ${problem}`);
  });
});

describe('decodePartnerOrder', () => {
  const PARTNER = {
    sp_appid: 'wx8888888888888888',
    sp_mchid: '1230000109',
    sub_appid: 'wxd678efh567hg6999',
    sub_mchid: '1900000109',
    out_trade_no: 'T1',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    payer: { sp_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', sub_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS7o' },
    amount: { total: 100 },
  };

  it('reads the field names of a service provider into the same order', () => {
    expect({ ...decodePartner(PARTNER) }).toEqual({
      appid: 'wx8888888888888888',
      mchid: '1230000109',
      subAppid: 'wxd678efh567hg6999',
      subMchid: '1900000109',
      outTradeNo: 'T1',
      tradeState: 'SUCCESS',
      tradeStateDesc: '支付成功',
      payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', subOpenid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS7o' },
      amount: { total: 100 },
    });
  });

  it.each(['sp_mchid', 'sub_mchid'])('refuses a reply without %s', (field) => {
    expect(() => decodePartner({ ...PARTNER, [field]: undefined })).toThrow(
      `$.${field} is missing, not a string.`,
    );
  });
});
