import { describe, expect, it } from '@jest/globals';
import { WxPayProtocolError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { shopReader, toShop } from '../../support/harness/shop-notifications.js';
import { PAID_ORDER } from '../../support/signing/signed-notification.js';

const MCHID = '1900000001';
const reader = shopReader();
const { mchid: _mchid, appid, ...REST } = PAID_ORDER;
const PARTNER_ORDER = { ...REST, sp_mchid: MCHID, sp_appid: appid, sub_mchid: '1900000109' };
/** https://pay.weixin.qq.com/wiki/doc/apiv3_partner/apis/chapter8_8_6.shtml, shortened */
const PARKING = {
  appid,
  sp_mchid: MCHID,
  sub_appid: 'wxd678efh567hg6797',
  sub_mchid: '10000109',
  out_trade_no: 'T1',
  trade_state: 'SUCCESS',
  trade_state_description: '扣款成功',
  success_time: '2017-08-26T10:43:39+08:00',
  trade_scene: 'PARKING',
  amount: { total: 528800, discount_total: 1, payer_total: 518799, currency: 'CNY' },
  promotion_detail: [{ promotion_id: '109519', amount: 1 }],
};
const without = (name: string): object =>
  Object.fromEntries(Object.entries(PARKING).filter(([key]) => key !== name));
const EDUCATION = { ...REST, mchid: MCHID, appid, sub_mchid: '1900000109', trade_type: 'AUTH' };

describe('V3NotificationReader, reading a transaction that is no order', () => {
  it.each<[string, object]>([
    ['of parking', PARKING],
    ['of parking, told by its app alone', without('trade_state_description')],
    ['of education', EDUCATION],
    ['of education, whose sub-merchant is a number', { ...EDUCATION, sub_mchid: 1900000109 }],
  ])('returns JSON under another type for one %s', async (_, resource) => {
    const notification = await reader.read(toShop({ resource }));

    expect(notification).toMatchObject({
      merchant: 'shop',
      eventType: 'TRANSACTION.SUCCESS',
      originalType: 'other-transaction',
    });
    expect(JSON.stringify(notification.resource)).toBe(JSON.stringify(resource));
    expect(Object.getPrototypeOf(notification.resource)).toBeNull();
  });
});

describe('V3NotificationReader, reading an order', () => {
  it.each<[string, object]>([
    ['of a merchant', PAID_ORDER],
    ['of a merchant, without a description of the state', { ...PAID_ORDER, trade_state_desc: undefined }],
    ['of a merchant, with an empty sub-merchant', { ...PAID_ORDER, sub_mchid: '' }],
    ['of a merchant, with an empty list for a sub-merchant', { ...PAID_ORDER, sub_mchid: [] }],
    ['of a merchant, with a provider that is no text', { ...PAID_ORDER, sp_appid: {}, sub_mchid: false }],
    ['of a merchant, with empty lists for a whole', { ...PAID_ORDER, combine_out_trade_no: [] }],
    [
      'of a merchant, with a second description of the state',
      { ...PAID_ORDER, trade_state_desc: '支付成功', trade_state_description: '支付成功' },
    ],
    ['of a sub-merchant', PARTNER_ORDER],
    [
      'of a sub-merchant, with an empty list for an app',
      { ...PARTNER_ORDER, sp_appid: undefined, appid: [] },
    ],
    ['of a sub-merchant, without an app', { ...PARTNER_ORDER, sp_appid: undefined }],
    ['that is paid, without the number of WeChat Pay', { ...PAID_ORDER, transaction_id: undefined }],
    ['that is not paid', { ...PAID_ORDER, trade_state: 'PAY_FAIL', transaction_id: undefined }],
  ])('returns an order for one %s', async (_, resource) => {
    const notification = await reader.read(toShop({ resource }));

    expect(notification).toMatchObject({
      originalType: 'transaction',
      resource: { mchid: MCHID, outTradeNo: 'T1' },
    });
  });

  it.each(['mchid', 'out_trade_no', 'trade_state'])(
    'refuses an order without %s instead of taking it for another product',
    async (name) => {
      const reading = reader.read(toShop({ resource: { ...PAID_ORDER, [name]: undefined } }));

      await expect(failureOf(WxPayProtocolError, reading)).resolves.toMatchObject({
        path: `$.resource.${name}`,
      });
    },
  );
});
