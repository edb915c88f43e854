import { describe, expect, it } from '@jest/globals';
import { LeftOutFields } from '../../../lib/telemetry/left-out-fields.js';
import { decodeCombineOrder } from '../../../lib/v3/decode-combine-order.js';
import { decodeOrder } from '../../../lib/v3/decode-order.js';
import { lenient } from '../../../lib/v3/lenient.js';
import { object } from '../../../lib/v3/json.js';

const GOODS = { goods_id: 'M1', quantity: 1, unit_price: 100, discount_amount: 10 };
const COUPON = { coupon_id: '109519', amount: 10, goods_detail: [GOODS] };
const PAID = {
  mchid: '1900000001',
  appid: 'wxd678efh567hg6787',
  out_trade_no: 'T1',
  transaction_id: '42',
  trade_type: 'JSAPI',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  bank_type: 'OTHERS',
  attach: 'a',
  success_time: '2018-06-08T10:34:56+08:00',
  payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
  amount: { total: 100, payer_total: 90, currency: 'CNY', payer_currency: 'CNY' },
  scene_info: { device_id: 'D1', store_info: { id: '1', out_id: 'A1' } },
  promotion_detail: [COUPON],
};
const FULL = { ...decodeOrder(PAID, '$') };
const [FULL_COUPON] = FULL.promotionDetail ?? [];
const couponAfter = (changes: object) => ({ promotion_detail: [{ ...COUPON, ...changes }, COUPON] });

describe('decodeOrder, with an unreadable lenient field', () => {
  it.each<[path: string, fault: object, difference: object]>([
    ['$.scene_info', { scene_info: [] }, { sceneInfo: undefined }],
    [
      '$.scene_info.store_info',
      { scene_info: { device_id: 'D1', store_info: [] } },
      { sceneInfo: { deviceId: 'D1' } },
    ],
    ['$.payer', { payer: [] }, { payer: undefined }],
    ['$.payer.openid', { payer: { openid: 5 } }, { payer: {} }],
    ['$.trade_state_desc', { trade_state_desc: 7 }, { tradeStateDesc: '' }],
    ['$.success_time', { success_time: '20180608103456' }, { successTime: undefined }],
    ['$.attach', { attach: { a: 1 } }, { attach: undefined }],
    ['$.trade_type', { trade_type: [] }, { tradeType: undefined }],
    ['$.bank_type', { bank_type: 1 }, { bankType: undefined }],
    ['$.appid', { appid: 1 }, { appid: undefined }],
    [
      '$.amount.payer_total',
      { amount: { ...PAID.amount, payer_total: '90' } },
      { amount: { total: 100, currency: 'CNY' } },
    ],
    [
      '$.amount.payer_currency',
      { amount: { ...PAID.amount, payer_currency: 156 } },
      { amount: { total: 100, currency: 'CNY' } },
    ],
    ['$.promotion_detail', { promotion_detail: {} }, { promotionDetail: undefined }],
    ['$.promotion_detail[0]', { promotion_detail: ['none', COUPON] }, {}],
    ['$.promotion_detail[0].coupon_id', couponAfter({ coupon_id: undefined }), {}],
    ['$.promotion_detail[0].amount', couponAfter({ amount: undefined }), {}],
    ['$.promotion_detail[0].name', couponAfter({ name: 1 }), { promotionDetail: [FULL_COUPON, FULL_COUPON] }],
    [
      '$.promotion_detail[0].goods_detail[0].quantity',
      couponAfter({ goods_detail: [{ ...GOODS, quantity: 0.5 }, GOODS] }),
      { promotionDetail: [FULL_COUPON, FULL_COUPON] },
    ],
  ])('leaves it out, and reports %s', (path, fault, difference) => {
    const leftOut = new LeftOutFields();

    const order = decodeOrder({ ...PAID, ...fault }, '$', leftOut);

    expect({ ...order }).toEqual({ ...FULL, ...difference });
    expect(leftOut.paths).toEqual([path]);
    expect(order.raw).toMatchObject(fault);
  });

  it('leaves it out of each sub-order of a combine order as well', () => {
    const leftOut = new LeftOutFields();
    const part = {
      mchid: '1900000002',
      out_trade_no: 'C1-1',
      trade_state: 'SUCCESS',
      trade_type: {},
      amount: { total_amount: 10, payer_amount: 0.5, payer_currency: 'CNY', settlement_rate: '1' },
      success_time: 'yesterday',
      promotion_detail: [{ amount: 5 }],
    };

    const order = decodeCombineOrder(
      {
        combine_appid: 'wx1',
        combine_mchid: '1900000001',
        combine_out_trade_no: 'C1',
        combine_payer_info: [],
        scene_info: [],
        sub_orders: [part],
      },
      '$',
      leftOut,
    );

    expect({ ...order }).toEqual({
      combineAppid: 'wx1',
      combineMchid: '1900000001',
      combineOutTradeNo: 'C1',
      subOrders: [
        {
          mchid: '1900000002',
          outTradeNo: 'C1-1',
          tradeState: 'SUCCESS',
          amount: { totalAmount: 10 },
          promotionDetail: [],
        },
      ],
    });
    expect(leftOut.paths).toEqual([
      '$.combine_payer_info',
      '$.scene_info',
      '$.sub_orders[0].success_time',
      '$.sub_orders[0].promotion_detail[0].coupon_id',
      '$.sub_orders[0].trade_type',
      '$.sub_orders[0].amount.settlement_rate',
      '$.sub_orders[0].amount.payer_amount',
    ]);
  });
});

describe('decodeOrder, with an undocumented form of a field', () => {
  it.each<[what: string, change: object, difference: object]>([
    ['a time with +0800', { success_time: '2018-06-08T10:34:56+0800' }, {}],
    ['no description of the state', { trade_state_desc: undefined }, { tradeStateDesc: '' }],
    [
      'a coupon with promotion_id',
      { promotion_detail: [{ ...COUPON, coupon_id: undefined, promotion_id: '109519' }] },
      {},
    ],
  ])('reads %s', (_, change, difference) => {
    const leftOut = new LeftOutFields();

    const order = decodeOrder({ ...PAID, ...change }, '$', leftOut);

    expect({ ...order }).toEqual({ ...FULL, ...difference });
    expect(leftOut.paths).toEqual([]);
  });
});

describe('decodeOrder, with an unreadable type', () => {
  it.each(['SUCCESS', 'REFUND'])('leaves it out of an order in the state %s', (tradeState) => {
    const order = decodeOrder({ ...PAID, trade_state: tradeState, trade_type: 7 }, '$');

    expect(order.tradeType).toBeUndefined();
    expect(order.raw).toMatchObject({ trade_type: 7 });
  });

  it.each(['NOTPAY', 'USERPAYING', 'CLOSED'])('refuses it in an order in the state %s', (tradeState) => {
    const decode = () => decodeOrder({ ...PAID, trade_state: tradeState, trade_type: 7 }, '$');

    expect(decode).toThrow('$.trade_type is a number, not a string.');
  });
});

describe('decodeOrder, with an unreadable amount', () => {
  it.each(['NOTPAY', 'CLOSED'])('leaves it out of an order in the state %s', (tradeState) => {
    const leftOut = new LeftOutFields();

    const order = decodeOrder({ ...PAID, trade_state: tradeState, amount: { total: '100' } }, '$', leftOut);

    expect(order.amount).toBeUndefined();
    expect(leftOut.paths).toEqual(['$.amount.total']);
  });

  it.each(['SUCCESS', 'REFUND'])('refuses it in an order in the state %s', (tradeState) => {
    const decode = () => decodeOrder({ ...PAID, trade_state: tradeState, amount: { total: '100' } }, '$');

    expect(decode).toThrow('$.amount.total is a string of 3 characters, not an integer.');
  });
});

describe('lenient', () => {
  it('does not hide a defect of a reader', () => {
    const defect = new TypeError('a defect');
    const read = object({
      member: lenient('member', () => {
        throw defect;
      }),
    });

    expect(() => read({ member: 1 }, '$')).toThrow(defect);
  });
});
