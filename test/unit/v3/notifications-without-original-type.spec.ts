import { describe, expect, it } from '@jest/globals';
import { WxPayProtocolError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { SHOP_KEYS, shopReader, toShop } from '../../support/harness/shop-notifications.js';
import { PAID_ORDER, seal } from '../../support/signing/signed-notification.js';

const MCHID = '1900000001';
const reader = shopReader();
const REFUND = {
  mchid: MCHID,
  transaction_id: '1217752501201407033233368018',
  out_trade_no: 'T1',
  refund_id: '50200207182018070300011301001',
  out_refund_no: 'R1',
  refund_status: 'SUCCESS',
  success_time: '2026-06-01T20:00:00+08:00',
  user_received_account: '招商银行信用卡0403',
  amount: { total: 999, refund: 999, payer_total: 999, payer_refund: 999 },
};
const SHARING = { mchid: MCHID, transaction_id: '42', order_id: '30', out_order_no: 'P1', receiver: {} };
const PARKING = { ...PAID_ORDER, mchid: undefined, sp_mchid: MCHID, sub_mchid: '1900000109' };
const MEDICAL = { mix_trade_no: '60', mix_pay_status: 'MIX_PAY_SUCCESS', out_trade_no: 'T1' };

/** A notification whose resource has no `original_type`, or this one. */
const told = (eventType: string, content: object, original_type?: unknown) => {
  const resource = { ...seal(SHOP_KEYS.apiV3Key, JSON.stringify(content)), original_type };
  return toShop({ eventType, envelope: { resource } });
};

describe('V3NotificationReader, reading a notification without original_type', () => {
  it.each([undefined, null, ''])('reads a payment (%j)', async (none) => {
    const notification = await reader.read(told('TRANSACTION.SUCCESS', PAID_ORDER, none));

    expect(notification).toMatchObject({
      eventType: 'TRANSACTION.SUCCESS',
      originalType: 'transaction',
      resource: { outTradeNo: 'T1', tradeState: 'SUCCESS', amount: { total: 100 } },
    });
  });

  it('reads a combined payment', async () => {
    const content = {
      combine_appid: 'wxd678efh567hg6787',
      combine_mchid: MCHID,
      combine_out_trade_no: 'C1',
      sub_orders: [
        { mchid: '1900000002', out_trade_no: 'C1-1', trade_state: 'SUCCESS', amount: { total_amount: 10 } },
      ],
    };

    const notification = await reader.read(told('TRANSACTION.SUCCESS', content));

    expect(notification).toMatchObject({
      originalType: 'transaction',
      resource: { combineOutTradeNo: 'C1' },
    });
  });

  it('reads a refund', async () => {
    const notification = await reader.read(told('REFUND.SUCCESS', REFUND));

    expect(notification).toMatchObject({
      originalType: 'refund',
      signed: true,
      resource: { outRefundNo: 'R1', status: 'SUCCESS' },
    });
  });

  it.each<[string, string, object, string]>([
    ['a payment for parking', 'TRANSACTION.SUCCESS', PARKING, 'other-transaction'],
    ['shared profits', 'TRANSACTION.SUCCESS', SHARING, 'other-transaction'],
    ['a refund of no order', 'REFUND.SUCCESS', { mchid: MCHID }, 'other-refund'],
    ['a payment with medical insurance', 'MEDICAL_INSURANCE.SUCCESS', MEDICAL, 'other'],
    ['an order under the event of another product', 'MALL_TRANSACTION.SUCCESS', PAID_ORDER, 'other'],
    ['an event that is named without a point', 'TRANSACTIONS', PAID_ORDER, 'other'],
  ])('passes %s on as JSON', async (_, eventType, content, originalType) => {
    const notification = await reader.read(told(eventType, content));

    expect(notification).toMatchObject({ eventType, originalType });
    expect(JSON.stringify(notification.resource)).toBe(JSON.stringify(content));
  });

  it.each([
    ['$.resource.trade_state', 'TRANSACTION.SUCCESS', { ...PAID_ORDER, trade_state: undefined }],
    ['$.resource.out_trade_no', 'TRANSACTION.SUCCESS', { ...PAID_ORDER, out_trade_no: undefined }],
    ['$.resource.refund_id', 'REFUND.SUCCESS', { ...REFUND, refund_id: undefined }],
    ['$.resource.mchid', 'TRANSACTION.SUCCESS', { ...PAID_ORDER, mchid: '1900000002' }],
    ['$.resource.mchid', 'COUPON.USE', { mchid: '1900000002' }],
  ])('refuses content for its %s as it does with an original_type', async (path, eventType, content) => {
    const error = await failureOf(WxPayProtocolError, reader.read(told(eventType, content)));

    expect(error.path).toBe(path);
  });

  it('refuses an original_type that is no string', async () => {
    const reading = reader.read(told('TRANSACTION.SUCCESS', PAID_ORDER, 1));

    await expect(failureOf(WxPayProtocolError, reading)).resolves.toMatchObject({
      path: '$.resource.original_type',
    });
  });

  it('goes by the original_type where there is one, whatever the event says', async () => {
    const notification = await reader.read(told('TRANSACTION.SUCCESS', PAID_ORDER, 'profitsharing'));

    expect(notification.originalType).toBe('profitsharing');
  });
});
