import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  Md5Signer,
  WXPAY_CHANNELS,
  WxPayInputError,
  WxPaySignatureError,
  type Order,
  type WxPayNotification,
} from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { signatureByHand } from '../../support/signing/hand-signed-v2.js';
import { PAID_FIELDS, signV2Notification } from '../../support/signing/signed-notification.js';
import { KEY, NOW, readerWith } from '../../support/fixtures/v2-notifications.js';

const reader = readerWith();
const read = (body: Uint8Array | string): Promise<WxPayNotification> =>
  reader.read({ headers: {}, body: Buffer.from(body) });

describe('V2NotificationReader, reading a genuine notification', () => {
  it('decodes a payment into the order that APIv3 would give', async () => {
    const notification = await read(signV2Notification(KEY));

    expect(notification).toEqual({
      merchant: 'shop',
      id: '1004400740201409030005092168',
      eventType: 'TRANSACTION.SUCCESS',
      originalType: 'transaction',
      createdAt: new Date('2026-06-01T12:00:00Z'),
      resource: {
        mchid: '1900000001',
        appid: 'wx8888888888888888',
        outTradeNo: 'T1',
        transactionId: '1004400740201409030005092168',
        tradeState: 'SUCCESS',
        tradeStateDesc: '',
        tradeType: 'NATIVE',
        bankType: 'OTHERS',
        successTime: new Date('2026-06-01T12:00:00Z'),
        payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
        amount: { total: 100, payerTotal: 90, currency: 'CNY', payerCurrency: 'CNY' },
      },
    });
    expect((notification.resource as Order).raw).toMatchObject(PAID_FIELDS);
  });

  it('names the sub-merchant of a payment, and ignores fields without a value', async () => {
    const notification = await read(signV2Notification(KEY, { sub_mch_id: '1900000109', attach: '' }));

    expect(notification.resource).toMatchObject({ subMchid: '1900000109' });
    expect(notification.resource).not.toHaveProperty('attach');
  });

  it.each(['wx9999999999999999', undefined])(
    'names the app of a payment, of which a merchant may have several: %s',
    async (appid) => {
      const { resource } = await read(signV2Notification(KEY, { appid }));

      expect((resource as Order).appid).toBe(appid);
      expect(resource).toMatchObject({ outTradeNo: 'T1', tradeState: 'SUCCESS' });
    },
  );

  it('accepts a payment with unreadable details', async () => {
    const told: unknown[] = [];
    const listen = (event: unknown) => void told.push(event);
    subscribe(WXPAY_CHANNELS.fieldsLeftOut, listen);

    const fields = { time_end: '20260231000000', coupon_id_0: 'C', promotion_detail: '{' };
    const notification = await read(signV2Notification(KEY, fields));

    unsubscribe(WXPAY_CHANNELS.fieldsLeftOut, listen);
    expect(notification).toMatchObject({
      eventType: 'TRANSACTION.SUCCESS',
      createdAt: new Date(NOW),
      resource: { outTradeNo: 'T1', tradeState: 'SUCCESS', amount: { total: 100 } },
    });
    expect((notification.resource as Order).raw).toMatchObject(fields);
    expect(told).toEqual([
      {
        merchant: 'shop',
        operation: 'notification',
        outTradeNo: 'T1',
        paths: ['$.time_end', '$.promotion_detail', '$.coupon_fee_0'],
      },
    ]);
  });

  it('decodes a failed payment as an order in the state PAYERROR', async () => {
    const fields = {
      result_code: 'FAIL',
      err_code: 'SYSTEMERROR',
      transaction_id: undefined,
      time_end: undefined,
    };

    const notification = await read(signV2Notification(KEY, fields));

    expect(notification).toMatchObject({
      merchant: 'shop',
      id: 'T1',
      eventType: 'TRANSACTION.FAIL',
      originalType: 'transaction',
      createdAt: new Date(NOW),
      resource: { outTradeNo: 'T1', tradeState: 'PAYERROR' },
    });
  });

  it('accepts a notification with the state of the order', async () => {
    const notification = await read(signV2Notification(KEY, { trade_state: 'SUCCESS' }));

    expect(notification).toMatchObject({ eventType: 'TRANSACTION.SUCCESS', resource: { outTradeNo: 'T1' } });
  });

  it('accepts MD5 for a merchant that signs with MD5', async () => {
    const md5 = readerWith({ signer: new Md5Signer({ key: KEY }) });

    const reading = md5.read({ headers: {}, body: signV2Notification(KEY, {}, 'MD5') });

    await expect(reading).resolves.toMatchObject({ resource: { outTradeNo: 'T1' } });
  });
});

describe('V2NotificationReader', () => {
  it.each<[string, Buffer, 'missing' | 'mismatch', RegExp]>([
    [
      'without sign',
      signV2Notification(KEY, { sign: undefined }),
      'missing',
      /it lacks sign\. WeChat Pay signs every notification, so another client sent this one\.$/,
    ],
    ['with an empty sign', signV2Notification(KEY, { sign: '' }), 'missing', /it lacks sign\./],
    [
      'that says FAIL, unsigned',
      Buffer.from('<xml><return_code>FAIL</return_code></xml>'),
      'missing',
      /it lacks sign/,
    ],
    [
      'signed with another key',
      signV2Notification(KEY.replace('1', '2')),
      'mismatch',
      /APIv2 key of this merchant/,
    ],
    [
      'signed with MD5 in place of HMAC',
      signV2Notification(KEY, {}, 'MD5'),
      'mismatch',
      /HMAC-SHA256 .*same sign_type\.$/,
    ],
    [
      'that announces MD5 and is signed so',
      signV2Notification(KEY, { sign_type: 'MD5' }, 'MD5'),
      'mismatch',
      /is not the HMAC-SHA256 of its content/,
    ],
    [
      'signed without the key behind the text',
      signV2Notification(KEY, { sign: signatureByHand(PAID_FIELDS, 'HMAC-SHA256', '') }),
      'mismatch',
      /is not the HMAC-SHA256/,
    ],
    [
      'with the beginning of its signature',
      signV2Notification(KEY, { sign: signatureByHand(PAID_FIELDS, 'HMAC-SHA256', KEY).slice(0, 32) }),
      'mismatch',
      /is not the HMAC-SHA256/,
    ],
  ])('refuses a notification %s', async (_, body, reason, message) => {
    const error = await failureOf(WxPaySignatureError, read(body));

    expect(error).toMatchObject({ reason, merchant: 'shop' });
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^A notification to merchant "shop" could not be verified: /);
  });

  it('refuses a notification with any changed field', async () => {
    const sign = signatureByHand(PAID_FIELDS, 'HMAC-SHA256', KEY);
    const names = Object.keys(PAID_FIELDS) as (keyof typeof PAID_FIELDS)[];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.stringMatching(/^[\w.]{0,32}$/), async (name, value) => {
        fc.pre(value !== PAID_FIELDS[name]);
        const reading = read(signV2Notification(KEY, { [name]: value, sign }));
        await expect(reading).rejects.toMatchObject({ reason: 'mismatch' });
      }),
    );
  });

  it.each<[string, string, RegExp]>([
    ['that is JSON', ' {}', /it is JSON, a message of APIv3\./],
    ['that is plain text', 'x', /does not begin with <xml>/],
    [
      'with a document type',
      '<!DOCTYPE xml [<!ENTITY a "b">]><xml><sign>&a;</sign></xml>',
      /does not begin with <xml>/,
    ],
    ['with a field twice', '<xml><sign>A</sign><sign>B</sign></xml>', /a field twice/],
    ['with fields within fields', '<xml><sign><a>B</a></sign></xml>', /fields within fields/],
    ['cut off', '<xml><sign>A</si', /not well-formed/],
    ['that is empty', '', /does not begin with <xml>/],
  ])('refuses a notification %s before verifying it', async (_, body, message) => {
    const error = await failureOf(WxPayInputError, read(body));

    expect(error.message).toMatch(/^body is not an APIv2 notification: /);
    expect(error.message).toMatch(message);
  });

  it('refuses a notification that is too large before parsing it', async () => {
    const small = readerWith({ limits: { timeoutMs: 4_500, maxBytes: 10 } });

    const reading = small.read({ headers: {}, body: signV2Notification(KEY) });

    await expect(reading).rejects.toThrow(/maxReplyBytes allows 10/);
  });

  it('reads a field __proto__ without changing a prototype', async () => {
    const { resource } = await read(signV2Notification(KEY, { ['__proto__']: 'x', a: '1' }));

    expect((resource as Order & { x?: unknown }).x).toBeUndefined();
  });
});
