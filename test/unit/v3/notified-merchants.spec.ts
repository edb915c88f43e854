import { describe, expect, it } from '@jest/globals';
import { WxPayProtocolError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { shopReader, toShop } from '../../support/harness/shop-notifications.js';
import { PAID_ORDER, type NotificationClaims } from '../../support/signing/signed-notification.js';

const OWN = '1900000001';
const ANOTHER = '1900000002';
const reader = shopReader();
const refund = { out_refund_no: 'R1', refund_status: 'SUCCESS' };
const combined = {
  combine_appid: 'wx1',
  combine_out_trade_no: 'C1',
  sub_orders: [{ mchid: ANOTHER, out_trade_no: 'C1-1', trade_state: 'SUCCESS' }],
};

describe('V3NotificationReader, reading a notification that names another merchant', () => {
  it.each<[string, NotificationClaims, path: string]>([
    ['an order', { resource: { ...PAID_ORDER, mchid: ANOTHER } }, 'mchid'],
    [
      'an order of another service provider',
      { resource: { ...PAID_ORDER, mchid: undefined, sp_mchid: ANOTHER, sub_mchid: OWN } },
      'sp_mchid',
    ],
    ['a combine order', { resource: { ...combined, combine_mchid: ANOTHER } }, 'combine_mchid'],
    ['a refund', { originalType: 'refund', resource: { ...refund, mchid: ANOTHER } }, 'mchid'],
    [
      'a refund of another service provider',
      { originalType: 'refund', resource: { ...refund, sp_mchid: ANOTHER, sub_mchid: OWN } },
      'sp_mchid',
    ],
    [
      'a refund with our number beside it',
      { originalType: 'refund', resource: { ...refund, mchid: OWN, sp_mchid: ANOTHER } },
      'sp_mchid',
    ],
    [
      'an event of a kind that is not known',
      { originalType: 'tomorrow', resource: { combine_mchid: ANOTHER } },
      'combine_mchid',
    ],
    ['a number', { originalType: 'refund', resource: { ...refund, mchid: Number(ANOTHER) } }, 'mchid'],
    ['a list', { originalType: 'refund', resource: { ...refund, mchid: [OWN] } }, 'mchid'],
    ['a list of nothing', { originalType: 'refund', resource: { ...refund, mchid: [[]] } }, 'mchid'],
    ['an object', { resource: { ...PAID_ORDER, sp_mchid: { id: OWN } } }, 'sp_mchid'],
    ['a boolean', { resource: { ...PAID_ORDER, combine_mchid: false } }, 'combine_mchid'],
    ['parking', { resource: { sp_mchid: ANOTHER, trade_state_description: '' } }, 'sp_mchid'],
  ])('refuses it in %s, and tells what to check', async (_, claims, path) => {
    const error = await failureOf(WxPayProtocolError, reader.read(toShop(claims)));

    expect(error).toMatchObject({ path: `$.resource.${path}`, merchant: 'shop' });
    expect(error.message).toBe(
      'Notification EV-2018022511223320873 to merchant "shop" is signed by WeChat Pay, yet belongs to another merchant. Check the notify_url of its orders, and the mchid of merchant "shop".',
    );
  });

  it.each<[string, NotificationClaims]>([
    ['in a sub-order of a combine order', { resource: { ...combined, combine_mchid: OWN } }],
    [
      'as the creator of a coupon',
      { originalType: 'coupon', resource: { stock_creator_mchid: ANOTHER, consume_mchid: ANOTHER } },
    ],
    ['as its sub-merchant', { originalType: 'refund', resource: { sp_mchid: OWN, sub_mchid: ANOTHER } }],
    ['nowhere, as its number is empty', { originalType: 'refund', resource: { mchid: '' } }],
    ['nowhere, as it is no object', { originalType: 'tomorrow', resource: [ANOTHER] }],
    [
      'nowhere, as it writes our number in digits',
      { originalType: 'refund', resource: { mchid: Number(OWN) } },
    ],
  ])('accepts the other number %s', async (_, claims) => {
    await expect(reader.read(toShop(claims))).resolves.toMatchObject({ merchant: 'shop' });
  });

  it.each<[string, object]>([
    ['combine_mchid', []],
    ['combine_mchid', {}],
    ['sp_mchid', []],
    ['sp_mchid', {}],
  ])('receives a payment whose %s is %j, for "none"', async (name, none) => {
    const notification = await reader.read(toShop({ resource: { ...PAID_ORDER, [name]: none } }));

    expect(notification).toMatchObject({
      originalType: 'transaction',
      resource: { mchid: OWN, outTradeNo: PAID_ORDER.out_trade_no, tradeState: 'SUCCESS' },
    });
  });
});
