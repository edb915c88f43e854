import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  WxPayConfigError,
  WxPayProtocolError,
  WxPaySignatureError,
  WxPayTransportError,
  WxPayVerifier,
  type WxPaySignatureFault,
} from 'nestjs-wxpay';
import type { ReceivedNotification } from '../../../lib/domain/notification.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';
import { NOW, SHOP_KEYS, shopReader, toShop, toShopWith } from '../../support/harness/shop-notifications.js';
import { PAID_ORDER, seal, signNotification } from '../../support/signing/signed-notification.js';

const reader = shopReader();

const FORGED: readonly [string, () => ReceivedNotification, WxPaySignatureFault, RegExp][] = [
  ...['Timestamp', 'Nonce', 'Serial', 'Signature'].map(
    (name): [string, () => ReceivedNotification, WxPaySignatureFault, RegExp] => [
      `without Wechatpay-${name}`,
      () => toShopWith({ [`Wechatpay-${name}`]: undefined }),
      'missing',
      new RegExp(`it lacks Wechatpay-${name}\\. A proxy`),
    ],
  ),
  [
    'without any header',
    () => ({ headers: {}, body: toShop().body }),
    'missing',
    /it lacks Wechatpay-Timestamp, /,
  ],
  ['with an empty body', () => ({ ...toShop(), body: Buffer.alloc(0) }), 'mismatch', /middleware or parser/],
  ['dated 301 seconds back', () => toShop({ sentAt: NOW - 302_000 }), 'stale', /30\d seconds in the past/],
  ['dated 301 seconds ahead', () => toShop({ sentAt: NOW + 302_000 }), 'stale', /30\d seconds in the future/],
  ['dated 1970', () => toShop({ sentAt: 0 }), 'stale', /in the past/],
  ['dated 2001', () => toShop({ sentAt: Date.parse('2001-09-09T01:46:40Z') }), 'stale', /in the past/],
  ['with a date that is a text', () => toShopWith({ 'Wechatpay-Timestamp': '1e9' }), 'stale', /not a number/],
  [
    'with the signature of a probe',
    () =>
      toShopWith({ 'Wechatpay-Signature': `WECHATPAY/SIGNTEST/${toShop().headers['Wechatpay-Signature']}` }),
    'probe',
    /tests its clients\. Refuse it: WeChat Pay sends one with a valid signature after it\.$/,
  ],
  [
    'with an unknown serial',
    () => toShopWith({ 'Wechatpay-Serial': 'PUB_KEY_ID_other' }),
    'unknown-serial',
    /configure both/,
  ],
  [
    'with a serial in another case',
    () => toShopWith({ 'Wechatpay-Serial': 'pub_key_id_shop' }),
    'unknown-serial',
    /key id/,
  ],
  ['with an empty signature', () => toShopWith({ 'Wechatpay-Signature': '' }), 'mismatch', /does not match/],
  [
    'with a header that came twice',
    () => toShopWith({ 'wechatpay-nonce': 'another' }),
    'mismatch',
    /a header of its signature came twice/,
  ],
  [
    'with a header in a list of two',
    () => toShopWith({ 'Wechatpay-Serial': ['PUB_KEY_ID_shop', 'PUB_KEY_ID_shop'] }),
    'mismatch',
    /came twice/,
  ],
  [
    'that was written anew',
    () =>
      toShop({
        body: JSON.stringify(JSON.parse(toShop().body.toString()), null, 1),
        signedBody: toShop().body.toString(),
      }),
    'mismatch',
    /verified as it was received/,
  ],
  [
    'signed with another key',
    () => signNotification({ ...SHOP_KEYS, platformPrivateKey: rsaKeys().privatePem }, { sentAt: NOW }),
    'mismatch',
    /configured public key/,
  ],
];

describe.each(FORGED)('V3NotificationReader, reading a notification %s', (_, make, reason, message) => {
  it('refuses it', async () => {
    const error = await failureOf(WxPaySignatureError, reader.read(make()));

    expect(error).toMatchObject({ code: 'WXPAY_SIGNATURE', reason, merchant: 'shop' });
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^A notification to merchant "shop" could not be verified: .*\.$/);
  });
});

describe('V3NotificationReader, reading a notification with one changed bit', () => {
  const { headers, body } = toShop();

  it.each(['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Serial', 'Wechatpay-Signature'])(
    'refuses a change in %s',
    async (name) => {
      const value = headers[name] ?? '';
      await fc.assert(
        fc.asyncProperty(fc.nat(value.length - 1), fc.nat(6), async (at, bit) => {
          const changed = withBit(Buffer.from(value), at, bit).toString('latin1');
          const reading = reader.read({ headers: { ...headers, [name]: changed }, body });
          await expect(reading).rejects.toBeInstanceOf(WxPaySignatureError);
        }),
        { numRuns: 200 },
      );
    },
  );

  it('refuses a change in the body', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(body.length - 1), fc.nat(7), async (at, bit) => {
        const reading = reader.read({ headers, body: withBit(body, at, bit) });
        await expect(reading).rejects.toMatchObject({ reason: 'mismatch' });
      }),
      { numRuns: 200 },
    );
  });

  // What only the tag of the encryption protects: the signature over it is right.
  it.each(['ciphertext', 'nonce', 'associated_data'])(
    'decrypts nothing after a change of its %s that is signed anew',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.nat(6), async (place, bit) => {
          const sealed = seal(SHOP_KEYS.apiV3Key, JSON.stringify(PAID_ORDER));
          const bytes = Buffer.from(sealed[name] ?? '', name === 'ciphertext' ? 'base64' : 'latin1');
          const changed = withBit(bytes, place % bytes.length, bit);
          const value = changed.toString(name === 'ciphertext' ? 'base64' : 'latin1');
          const resource = { ...sealed, original_type: 'transaction', [name]: value };
          const error: unknown = await reader
            .read(toShop({ envelope: { resource } }))
            .catch((each: unknown) => each);
          expect([WxPayProtocolError, WxPayConfigError].some((type) => error instanceof type)).toBe(true);
        }),
        { numRuns: 100 },
      );
    },
  );
});

describe('V3NotificationReader, with a verifier of the app', () => {
  class OddVerifier extends WxPayVerifier {
    constructor(readonly verify: () => Promise<boolean>) {
      super();
    }
    override acceptedSerialNo(): Promise<undefined> {
      return Promise.resolve(undefined);
    }
  }

  it('reports a failed verifier as "could not be verified", and names it', async () => {
    const failing = shopReader({ verifier: new OddVerifier(() => Promise.reject(new Error('HSM is down'))) });

    const error = await failureOf(WxPayTransportError, failing.read(toShop()));

    expect(error.message).toMatch(
      /The verifier failed during notification of merchant "shop" \(HSM is down\)/,
    );
  });

  it('ends with its own time limit when the verifier hangs', async () => {
    const hanging = shopReader({
      verifier: new OddVerifier(() => new Promise(() => undefined)),
      limits: { timeoutMs: 20, maxBytes: 1_048_576 },
    });

    const error = await failureOf(WxPayTransportError, hanging.read(toShop()));

    expect(error).toMatchObject({ timedOut: true });
    expect(error.message).toMatch(/within 20 ms \(most of the time went into verifying\)/);
  });

  it('refuses the notification if the verifier returns anything but true', async () => {
    const talkative = shopReader({ verifier: new OddVerifier(() => Promise.resolve('yes' as never)) });

    await expect(talkative.read(toShop())).rejects.toMatchObject({ reason: 'mismatch' });
  });
});

function withBit(bytes: Buffer, at: number, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ (1 << bit);
  return changed;
}
