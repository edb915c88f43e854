import { afterAll, describe, expect, it } from '@jest/globals';
import {
  WxPayInputError,
  WxPayMerchants,
  WxPayVerifier,
  type IncomingNotification,
  type WxPayNotification,
} from 'nestjs-wxpay';
import { merchantOf, SHOP_KEYS } from '../../support/harness/shop-notifications.js';
import { signNotification } from '../../support/signing/signed-notification.js';

const merchants = new WxPayMerchants();
const merchant = merchants.register('shop', merchantOf(SHOP_KEYS));
const { headers, body } = signNotification(SHOP_KEYS);

/** A call without types, as JavaScript makes it. */
function read(incoming: unknown): Promise<WxPayNotification> {
  return merchant.readNotification(incoming as IncomingNotification);
}

describe('WxPayMerchant.readNotification', () => {
  afterAll(() => merchants.onModuleDestroy());

  it.each([
    ['bytes', body],
    ['a text', body.toString()],
    ['what an event in base64 holds', Buffer.from(body.toString('base64'), 'base64')],
  ])('reads a body that is %s', async (_, given) => {
    const notification = await merchant.readNotification({ headers, body: given });

    expect(notification).toMatchObject({ id: 'EV-2018022511223320873', resource: { outTradeNo: 'T1' } });
  });

  it.each([
    ['Headers', new Headers(headers)],
    ['a Map', new Map(Object.entries(headers))],
    ['a Map with lists', new Map(Object.entries(headers).map(([name, value]) => [name, [value]] as const))],
    ['an object', headers],
  ])('reads headers that are %s', async (_, given) => {
    const notification = await merchant.readNotification({ headers: given, body });

    expect(notification).toMatchObject({ resource: { outTradeNo: 'T1' } });
  });

  it.each([
    ['undefined', undefined, 'Undefined'],
    ['null', null, 'Null'],
    ['JSON that was parsed', JSON.parse(body.toString()), 'Object'],
    ['an ArrayBuffer', new ArrayBuffer(8), 'ArrayBuffer'],
    ['a list of numbers', [...body], 'Array'],
  ])('refuses a body that is %s, and asks for bytes', async (_, given, type) => {
    const reading = read({ headers, body: given });

    await expect(reading).rejects.toThrow(WxPayInputError);
    await expect(reading).rejects.toMatchObject({
      field: 'body',
      message: `body must be the bytes as received, in a Buffer, a Uint8Array or a string: it is of type ${type}. A body that was parsed has other bytes than WeChat Pay signed.`,
    });
  });

  it.each([
    ['undefined', undefined, 'Undefined'],
    ['null', null, 'Null'],
    ['a text', 'Wechatpay-Nonce: 1', 'String'],
    ['a list as Node has it', ['Wechatpay-Nonce', '1'], 'Array'],
  ])('refuses headers that are %s', async (_, given, type) => {
    const reading = read({ headers: given, body });

    await expect(reading).rejects.toMatchObject({
      code: 'WXPAY_INPUT',
      field: 'headers',
      message: `headers must be an object, Headers or a Map of the headers as received: it is of type ${type}.`,
    });
  });

  it.each([
    ['headers that are no pairs', { headers: new Set(['a']), body: '' }],
    [
      'headers that cannot be read',
      {
        body: '',
        get headers(): never {
          throw new Error('the request is gone');
        },
      },
    ],
  ])('refuses %s', async (_, given) => {
    await expect(read(given as never)).rejects.toMatchObject({
      code: 'WXPAY_INPUT',
      field: 'notification',
      message: expect.stringContaining('must be { headers, body } as received; reading them failed: '),
    });
  });

  it.each([undefined, null, 'notification'])('refuses %p in place of a notification', async (given) => {
    await expect(read(given)).rejects.toThrow(WxPayInputError);
  });

  it('keeps the limit of size of the merchant', async () => {
    const frugal = merchants.register('frugal', {
      ...merchantOf(SHOP_KEYS),
      maxReplyBytes: 1024,
      sharedMchid: true,
    });
    const long = Buffer.concat([body, Buffer.alloc(1024, ' ')]);

    const reading = frugal.readNotification({ headers, body: long });

    await expect(reading).rejects.toThrow(
      `body has ${long.length} bytes; the option maxReplyBytes allows 1024.`,
    );
  });

  it('keeps the limit of time of the merchant', async () => {
    class HungVerifier extends WxPayVerifier {
      override acceptedSerialNo = () => Promise.resolve(SHOP_KEYS.serialNo);
      override verify = () => new Promise<never>(() => undefined);
    }
    const hung = merchants.register('hung', {
      ...merchantOf(SHOP_KEYS),
      verifier: new HungVerifier(),
      timeoutMs: 100,
      sharedMchid: true,
    });

    await expect(hung.readNotification({ headers, body })).rejects.toThrow(
      'could not be checked within 100 ms',
    );
  });
});
