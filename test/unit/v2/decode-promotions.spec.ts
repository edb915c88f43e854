import { describe, expect, it } from '@jest/globals';
import { LeftOutFields } from '../../../lib/telemetry/left-out-fields.js';
import { decodePromotions } from '../../../lib/v2/decode-promotions.js';
import { readV2ReplySamples } from '../../support/fixtures/v2-samples.js';

const { json } = readV2ReplySamples().promotionDetail;
const withPromotion = (promotion: object) =>
  decodePromotions({ promotion_detail: JSON.stringify({ promotion_detail: [promotion] }) });

describe('decodePromotions', () => {
  it('reads the official sample with the names of APIv3', () => {
    expect(decodePromotions({ promotion_detail: json })).toEqual([
      {
        couponId: '109519',
        name: '单品惠-6',
        scope: 'SINGLE',
        type: 'NOCASH',
        amount: 5,
        stockId: '931386',
        wechatpayContribute: 0,
        merchantContribute: 0,
        otherContribute: 5,
        goodsDetail: [
          { goodsId: 'a_goods1', quantity: 7, unitPrice: 1, discountAmount: 4, goodsRemark: '商品备注' },
          { goodsId: 'a_goods2', quantity: 1, unitPrice: 2, discountAmount: 1, goodsRemark: '商品备注' },
        ],
      },
    ]);
  });

  it('reads numbered coupons in the order of their numbers', () => {
    const fields = {
      coupon_fee: '111',
      coupon_count: '3',
      coupon_id_10: 'C10',
      coupon_fee_10: '100',
      coupon_id_0: 'C0',
      coupon_fee_0: '1',
      coupon_type_0: 'CASH',
      coupon_id_2: 'C2',
      coupon_fee_2: '10',
      coupon_type_2: 'NO_CASH',
    };

    expect(decodePromotions(fields)).toEqual([
      { couponId: 'C0', type: 'CASH', amount: 1 },
      { couponId: 'C2', type: 'NOCASH', amount: 10 },
      { couponId: 'C10', amount: 100 },
    ]);
  });

  it('counts a coupon once, whatever unknown fields there are', () => {
    const fields = { coupon_id_0: 'C0', coupon_fee_0: '1', coupon_id_0_kind: 'x', my_coupon_id_0: 'y' };

    expect(decodePromotions(fields)).toEqual([{ couponId: 'C0', amount: 1 }]);
  });

  it('prefers the JSON if a reply has both forms', () => {
    const fields = { promotion_detail: json, coupon_id_0: '109519', coupon_fee_0: '5' };

    expect(decodePromotions(fields)).toEqual(decodePromotions({ promotion_detail: json }));
  });

  it('accepts numbers in strings, and a list without its envelope', () => {
    const promotion_detail = '[{"promotion_id":"P","amount":"5","merchant_contribute":"5"}]';

    expect(decodePromotions({ promotion_detail })).toEqual([
      { couponId: 'P', amount: 5, merchantContribute: 5 },
    ]);
  });

  it.each([null, ''])('treats %j as absent, at any position of the JSON', (none) => {
    const optional = { name: none, merchant_contribute: none, goods_detail: none };

    expect(withPromotion({ promotion_id: 'P', amount: 5, ...optional })).toEqual([
      { couponId: 'P', amount: 5 },
    ]);
  });

  it.each([
    ['COUPON', 'CASH'],
    ['DISCOUNT', 'NOCASH'],
    ['OF_THE_FUTURE', 'OF_THE_FUTURE'],
  ])('reads the type %s as %s', (type, expected) => {
    expect(withPromotion({ promotion_id: 'P', amount: 1, type })?.[0]?.type).toBe(expected);
  });

  it.each([
    ['nothing', {}],
    ['empty fields', { promotion_detail: '', coupon_id_0: '', coupon_fee_0: '' }],
    ['an empty envelope', { promotion_detail: '{}' }],
    ['sums only', { coupon_fee: '5', coupon_count: '1' }],
  ])('returns undefined for %s', (_, fields) => {
    expect(decodePromotions(fields)).toBeUndefined();
  });

  it.each([
    ['$.promotion_detail', { promotion_detail: '[{"prom…' }],
    ['$.promotion_detail', { promotion_detail: 'null' }],
    ['$.promotion_detail', { promotion_detail: '{"promotion_detail":{}}' }],
    ['$.promotion_detail[0].promotion_id', { promotion_detail: '[1]' }],
    ['$.promotion_detail[0].promotion_id', { promotion_detail: '[null]' }],
    ['$.promotion_detail[0].promotion_id', { promotion_detail: '[{"amount":1}]' }],
    ['$.promotion_detail[0].promotion_id', { promotion_detail: '[{"promotion_id":1}]' }],
    ['$.promotion_detail[0].amount', { promotion_detail: '[{"promotion_id":"P"}]' }],
    ['$.promotion_detail[0].amount', { promotion_detail: '[{"promotion_id":"P","amount":0.5}]' }],
    ['$.promotion_detail[0].amount', { promotion_detail: '[{"promotion_id":"P","amount":[5]}]' }],
    [
      '$.promotion_detail[0].amount',
      { promotion_detail: '[{"promotion_id":"P","amount":9007199254740993}]' },
    ],
    ['$.coupon_fee_0', { coupon_id_0: 'C' }],
    ['$.coupon_fee_0', { coupon_id_0: 'C', coupon_fee_0: '0.1' }],
  ])('leaves out a coupon with a fault at %s: %j', (path, fields) => {
    const leftOut = new LeftOutFields();

    expect(decodePromotions(fields, leftOut)).toBeUndefined();
    expect(leftOut.paths).toEqual([path]);
  });

  it('keeps the other coupons and goods, and the readable fields of a coupon', () => {
    const leftOut = new LeftOutFields();
    const goods_detail = [
      { goods_id: 'G', quantity: 1, price: 1, discount_amount: 1, goods_remark: 5 },
      { goods_id: 'H', quantity: 0.5, price: 1, discount_amount: 1 },
    ];
    const promotions = [
      { promotion_id: 'P', amount: 1, name: 5, other_contribute: 'x', goods_detail },
      { amount: 2 },
      { promotion_id: 'Q', amount: 3, goods_detail: 'none' },
    ];

    expect(decodePromotions({ promotion_detail: JSON.stringify(promotions) }, leftOut)).toEqual([
      {
        couponId: 'P',
        amount: 1,
        goodsDetail: [{ goodsId: 'G', quantity: 1, unitPrice: 1, discountAmount: 1 }],
      },
      { couponId: 'Q', amount: 3 },
    ]);
    expect(leftOut.paths).toEqual([
      '$.promotion_detail[0].name',
      '$.promotion_detail[0].other_contribute',
      '$.promotion_detail[0].goods_detail[0].goods_remark',
      '$.promotion_detail[0].goods_detail[1].quantity',
      '$.promotion_detail[1].promotion_id',
      '$.promotion_detail[2].goods_detail',
    ]);
  });

  it('reads the numbered coupons if the JSON is unreadable', () => {
    const fields = { promotion_detail: '{', coupon_id_0: 'C', coupon_fee_0: '5' };

    expect(decodePromotions(fields)).toEqual([{ couponId: 'C', amount: 5 }]);
  });
});
