import { describe, expect, it } from '@jest/globals';
import { decodeCombineOrder } from '../../../lib/v3/decode-combine-order.js';
import { parseJson } from '../../../lib/v3/json.js';

// After the answer printed on https://pay.weixin.qq.com/doc/v3/merchant/4012557098.
const PAID = {
  combine_appid: 'wxd678efh567hg6787',
  combine_mchid: '1900000109',
  combine_out_trade_no: 'P20150806125346',
  combine_transaction_id: '1009660380201506130728806387',
  combine_payer_info: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
  scene_info: { device_id: 'POS1:1' },
  trade_scenario: 'MINIAPP',
  sub_orders: [
    {
      mchid: '1900000109',
      trade_type: 'JSAPI',
      trade_state: 'SUCCESS',
      bank_type: 'CMC',
      attach: '深圳分店',
      amount: {
        total_amount: 10,
        currency: 'CNY',
        payer_amount: 10,
        payer_currency: 'CNY',
        settlement_rate: 100_000_000,
      },
      success_time: '2015-05-20T13:29:35.120+08:00',
      transaction_id: '1009660380201506130728806388',
      out_trade_no: '20150806125346',
      sub_mchid: '1900000110',
      sub_appid: 'wxd678efh567hg6999',
      sub_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS7o',
      promotion_detail: [{ coupon_id: '109519', amount: 5 }],
    },
    { mchid: '1900000109', trade_state: 'SUCCESS', out_trade_no: '20150806125347' },
  ],
};

const decode = (json: unknown) => decodeCombineOrder(parseJson(Buffer.from(JSON.stringify(json))), '$');

describe('decodeCombineOrder', () => {
  it.each([[[]], [{}]])('reads %j for the numbers of WeChat Pay as none', (none) => {
    const [, plain] = PAID.sub_orders;

    const order = decode({
      ...PAID,
      combine_transaction_id: none,
      sub_orders: [{ ...plain, transaction_id: none }],
    });

    expect(order).not.toHaveProperty('combineTransactionId');
    expect(order.subOrders).toEqual([decode(PAID).subOrders[1]]);
  });

  it('reads every field, with milliseconds in the time', () => {
    expect({ ...decode(PAID) }).toEqual({
      combineAppid: 'wxd678efh567hg6787',
      combineMchid: '1900000109',
      combineOutTradeNo: 'P20150806125346',
      combineTransactionId: '1009660380201506130728806387',
      combinePayerInfo: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
      sceneInfo: { deviceId: 'POS1:1' },
      tradeScenario: 'MINIAPP',
      subOrders: [
        {
          mchid: '1900000109',
          outTradeNo: '20150806125346',
          tradeState: 'SUCCESS',
          tradeType: 'JSAPI',
          transactionId: '1009660380201506130728806388',
          subMchid: '1900000110',
          subAppid: 'wxd678efh567hg6999',
          subOpenid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS7o',
          bankType: 'CMC',
          attach: '深圳分店',
          successTime: new Date('2015-05-20T05:29:35.120Z'),
          amount: {
            totalAmount: 10,
            payerAmount: 10,
            currency: 'CNY',
            payerCurrency: 'CNY',
            settlementRate: 100_000_000,
          },
          promotionDetail: [{ couponId: '109519', amount: 5 }],
        },
        { mchid: '1900000109', outTradeNo: '20150806125347', tradeState: 'SUCCESS' },
      ],
    });
  });

  it.each([[[]], [{}], [null], ['']])('reads the sub-merchant %j of a sub-order as none', (none) => {
    const order = decode({ ...PAID, sub_orders: [{ ...PAID.sub_orders[1], sub_mchid: none }] });

    expect(order.subOrders).toEqual([
      { mchid: '1900000109', outTradeNo: '20150806125347', tradeState: 'SUCCESS' },
    ]);
  });

  it('keeps the raw reply out of logs', () => {
    const order = decode({ ...PAID, new_field: 1 });

    expect(Object.keys(order)).not.toContain('raw');
    expect(order.raw).toMatchObject({ new_field: 1 });
  });

  it.each([
    ['$.combine_mchid', { combine_mchid: undefined }],
    ['$.combine_out_trade_no', { combine_out_trade_no: 5 }],
    ['$.sub_orders', { sub_orders: undefined }],
    ['$.sub_orders[0].trade_state', { sub_orders: [{ mchid: '1', out_trade_no: 'T1' }] }],
    ['$.sub_orders[0].sub_mchid', { sub_orders: [{ ...PAID.sub_orders[0], sub_mchid: [1] }] }],
    [
      '$.sub_orders[0].trade_type',
      { sub_orders: [{ ...PAID.sub_orders[0], trade_state: 'NOTPAY', trade_type: 7 }] },
    ],
    [
      '$.sub_orders[0].amount.total_amount',
      { sub_orders: [{ ...PAID.sub_orders[0], amount: { total_amount: '10' } }] },
    ],
  ])('refuses a fault at %s', (path, fault) => {
    expect(() => decode({ ...PAID, ...fault })).toThrow(expect.objectContaining({ path }));
  });
});
