import { afterEach, describe, expect, it } from '@jest/globals';
import { createSecretKey } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  WXPAY_CHANNELS,
  WxPayConfigError,
  WxPayInputError,
  WxPayProtocolError,
  WxPaySignatureError,
  type Order,
} from 'nestjs-wxpay';
import { readApiV3Key } from '../../../lib/crypto/aes-gcm.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { NOW, SHOP_KEYS, shopReader, toShop } from '../../support/harness/shop-notifications.js';
import { PAID_ORDER, seal, type NotificationClaims } from '../../support/signing/signed-notification.js';

const reader = shopReader();

describe('V3NotificationReader, reading a genuine notification', () => {
  it('decrypts and decodes a payment', async () => {
    const notification = await reader.read(toShop());

    expect(notification).toEqual({
      merchant: 'shop',
      id: 'EV-2018022511223320873',
      eventType: 'TRANSACTION.SUCCESS',
      originalType: 'transaction',
      createdAt: new Date('2026-06-01T12:00:01Z'),
      resource: {
        mchid: '1900000001',
        appid: 'wxd678efh567hg6787',
        outTradeNo: 'T1',
        transactionId: '1217752501201407033233368018',
        tradeState: 'SUCCESS',
        tradeStateDesc: '支付成功',
        tradeType: 'NATIVE',
        bankType: 'OTHERS',
        successTime: new Date('2026-06-01T12:00:00Z'),
        payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
        amount: { total: 100, payerTotal: 90, currency: 'CNY', payerCurrency: 'CNY' },
      },
    });
    expect((notification.resource as Order).raw).toEqual(PAID_ORDER);
  });

  it('names the merchants of a payment to a sub-merchant as a query does', async () => {
    const { mchid: sp_mchid, appid: sp_appid, payer, ...rest } = PAID_ORDER;
    const resource = {
      ...rest,
      sp_mchid,
      sp_appid,
      sub_mchid: '1900000109',
      payer: { sp_openid: payer.openid },
    };

    const notification = await reader.read(toShop({ resource }));

    expect(notification.resource).toMatchObject({
      mchid: '1900000001',
      subMchid: '1900000109',
      payer: { openid: payer.openid },
    });
  });

  it('decodes a combined payment as a combine order', async () => {
    const resource = {
      combine_appid: 'wxd678efh567hg6787',
      combine_mchid: '1900000001',
      combine_out_trade_no: 'C1',
      sub_orders: [
        { mchid: '1900000002', out_trade_no: 'C1-1', trade_state: 'SUCCESS', amount: { total_amount: 10 } },
      ],
    };

    const notification = await reader.read(toShop({ resource }));

    expect(notification.resource).toEqual({
      combineAppid: 'wxd678efh567hg6787',
      combineMchid: '1900000001',
      combineOutTradeNo: 'C1',
      subOrders: [
        { mchid: '1900000002', outTradeNo: 'C1-1', tradeState: 'SUCCESS', amount: { totalAmount: 10 } },
      ],
    });
  });

  it.each([
    ['COUPON.USE', 'coupon'],
    ['TRANSACTION.SUCCESS', 'profitsharing'],
  ])('passes on a %s about %s as JSON', async (eventType, originalType) => {
    const resource = { mchid: '1900000001', out_refund_no: 'R1', ['__proto__x']: 1 };

    const notification = await reader.read(toShop({ eventType, originalType, resource }));

    expect(notification).toMatchObject({ eventType, originalType });
    expect(Object.entries(Object(notification.resource))).toEqual(Object.entries(resource));
    expect(Object.getPrototypeOf(notification.resource)).toBeNull();
  });

  it.each([
    ['an empty', { associated_data: '' }],
    ['no', { associated_data: undefined }],
  ])('reads a notification with %s associated data', async (_, changes) => {
    const sealed = {
      ...seal(SHOP_KEYS.apiV3Key, JSON.stringify(PAID_ORDER), ''),
      original_type: 'transaction',
    };

    const notification = await reader.read(toShop({ envelope: { resource: { ...sealed, ...changes } } }));

    expect(notification.resource).toMatchObject({ outTradeNo: 'T1' });
  });

  it('dates a notification without a readable time by its signature', async () => {
    const { createdAt } = await reader.read(toShop({ createTime: '20180225112233', sentAt: NOW - 1_000 }));

    expect(createdAt).toEqual(new Date(Math.floor((NOW - 1_000) / 1000) * 1000));
  });

  it('reads a notification with any content type and any case of its header names', async () => {
    const { headers, body } = toShop();
    const upper = Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]);

    const reading = reader.read({ headers: { ...Object.fromEntries(upper), 'content-type': 'x/y' }, body });

    await expect(reading).resolves.toMatchObject({ id: 'EV-2018022511223320873' });
  });

  it.each([-300_000, 300_000])('reads a notification dated %d ms from now', async (offsetMs) => {
    const reading = reader.read(toShop({ sentAt: NOW + offsetMs }));

    await expect(reading).resolves.toMatchObject({ id: 'EV-2018022511223320873' });
  });

  describe('with an unreadable detail', () => {
    const events: unknown[] = [];
    const record = (event: unknown): void => void events.push(event);

    afterEach(() => void unsubscribe(WXPAY_CHANNELS.fieldsLeftOut, record));

    it('leaves it out of the order, and reports it to the telemetry', async () => {
      subscribe(WXPAY_CHANNELS.fieldsLeftOut, record);

      const { resource } = await reader.read(
        toShop({ resource: { ...PAID_ORDER, scene_info: [] }, createTime: 'now' }),
      );

      expect(resource).toMatchObject({ outTradeNo: 'T1', tradeState: 'SUCCESS' });
      expect(events).toEqual([
        {
          merchant: 'shop',
          operation: 'notification',
          outTradeNo: 'T1',
          paths: ['$.create_time', '$.resource.scene_info'],
        },
      ]);
    });
  });

  describe('V3NotificationReader and the channel replyVerified', () => {
    const events: unknown[] = [];
    const record = (event: unknown): void => void events.push(event);

    afterEach(() => void unsubscribe(WXPAY_CHANNELS.replyVerified, record));

    it('publish the key that signed a notification, and nothing of a forged one', async () => {
      subscribe(WXPAY_CHANNELS.replyVerified, record);

      await reader.read(toShop());
      await failureOf(WxPaySignatureError, reader.read({ ...toShop(), body: Buffer.from('{}') }));

      expect(events).toEqual([
        {
          merchant: 'shop',
          operation: 'notification',
          serialNo: 'PUB_KEY_ID_shop',
          clockOffsetMs: expect.any(Number),
        },
      ]);
    });
  });
});

describe('V3NotificationReader, reading a genuine notification that cannot be used', () => {
  const resource = { ...seal(SHOP_KEYS.apiV3Key, JSON.stringify(PAID_ORDER)), original_type: 'transaction' };

  it.each<[string, NotificationClaims, string, RegExp]>([
    ['that is not JSON', { body: '<xml/>' }, '$', /^Notification to merchant .*is not JSON \(6 bytes\)/],
    ['without an id', { envelope: { id: undefined } }, '$.id', /\$\.id/],
    ['without a resource', { envelope: { resource: null } }, '$.resource', /\$\.resource/],
    [
      'encrypted in another way',
      { envelope: { resource: { ...resource, algorithm: 'AEAD_SM4_GCM' } } },
      '$.resource.algorithm',
      /is not AEAD_AES_256_GCM/,
    ],
    [
      'with other associated data than it was encrypted with',
      { envelope: { resource: { ...resource, associated_data: 'refund' } } },
      '$.resource',
      /Notification EV-2018022511223320873 .*associated data is not what it was encrypted with/,
    ],
    [
      'with an amount in words',
      { resource: { ...PAID_ORDER, amount: { total: '100' } } },
      '$.resource.amount.total',
      /integer/,
    ],
  ])('throws a protocol error with the path for one %s', async (_, claims, path, message) => {
    const error = await failureOf(WxPayProtocolError, reader.read(toShop(claims)));

    expect(error).toMatchObject({ path, merchant: 'shop' });
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/merchant "shop" is signed by WeChat Pay, yet .* Query the order;/);
  });

  it('keeps the decrypted content in raw', async () => {
    const order = { ...PAID_ORDER, amount: { total: '100' } };

    const error = await failureOf(WxPayProtocolError, reader.read(toShop({ resource: order })));

    expect(error.raw).toEqual(order);
  });

  it('blames the option for one that is encrypted with another APIv3 key', async () => {
    const other = shopReader({ apiV3Key: readApiV3Key('another-key-of-exactly-32-bytes!') });

    const error = await failureOf(WxPayConfigError, other.read(toShop()));

    expect(error.merchant).toBe('shop');
    expect(error.message).toMatch(
      /apiV3Key does not fit: notification EV-2018022511223320873 .*copy it again/,
    );
  });

  it('does not blame WeChat Pay for a defect of its own', async () => {
    const faulty = shopReader({ apiV3Key: createSecretKey(Buffer.alloc(16)) });

    await expect(faulty.read(toShop())).rejects.toMatchObject({ code: 'ERR_CRYPTO_INVALID_KEYLEN' });
  });

  it('refuses one that is too large before verifying it', async () => {
    const small = shopReader({ limits: { timeoutMs: 4_500, maxBytes: 10 } });

    const error = await failureOf(WxPayInputError, small.read(toShop()));

    expect(error.message).toMatch(/^body has \d+ bytes; the option maxReplyBytes allows 10\.$/);
  });
});
