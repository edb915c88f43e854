import { describe, expect, it } from '@jest/globals';
import { ADAPTERS, startNotificationApp } from '../../support/harness/notification-app.js';
import { keysOf, merchantOf } from '../../support/harness/shop-notifications.js';
import { signNotification } from '../../support/signing/signed-notification.js';

const GOODS = { goods_id: 'g'.repeat(32), quantity: 1, unit_price: 100, discount_amount: 1 };
const COUPON = {
  coupon_id: '109519',
  name: '单品惠-6',
  scope: 'SINGLE',
  type: 'CASH',
  amount: 10,
  stock_id: '931386',
  wechatpay_contribute: 0,
  merchant_contribute: 0,
  other_contribute: 10,
  currency: 'CNY',
  goods_detail: [{ ...GOODS, goods_remark: '商品备注信息'.repeat(8) }],
};

/** A combine order of as many parts as a provider may place, each with coupons. */
const COMBINE_ORDER = {
  combine_appid: 'wxd678efh567hg6787',
  combine_mchid: '1900000001',
  combine_out_trade_no: 'C1',
  combine_transaction_id: '1009660380201506130728806387',
  sub_orders: Array.from({ length: 50 }, (_, index) => ({
    mchid: '1900000001',
    sub_mchid: '1900000109',
    out_trade_no: `C1-${index}`,
    transaction_id: '1009660380201506130728806388',
    trade_type: 'JSAPI',
    trade_state: 'SUCCESS',
    bank_type: 'OTHERS',
    success_time: '2026-06-01T20:00:00+08:00',
    amount: { total_amount: 10, payer_amount: 10, currency: 'CNY', payer_currency: 'CNY' },
    promotion_detail: [COUPON, COUPON],
  })),
};

describe.each(ADAPTERS)('@VerifyNotification() on %s', (adapter) => {
  it('accepts the payment of a combine order of 50 sub-orders with two coupons each', async () => {
    const keys = keysOf('shop');
    await using app = await startNotificationApp({ adapter, merchants: [merchantOf(keys)] });
    const notification = signNotification(keys, { resource: COMBINE_ORDER });
    expect(notification.body.length).toBeGreaterThan(65_536);
    expect(notification.body.length).toBeLessThan(102_400);

    const answer = await app.send(notification);

    expect(answer.status).toBe(204);
    expect(app.shop.received).toMatchObject([{ resource: { combineOutTradeNo: 'C1' } }]);
  });
});
