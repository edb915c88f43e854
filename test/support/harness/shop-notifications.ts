import { HmacSha256Signer, RsaSigner, type WxPayV2Options, type WxPayV3Options } from 'nestjs-wxpay';
import { readApiV3Key } from '../../../lib/crypto/aes-gcm.js';
import { PublicKeyVerifier } from '../../../lib/crypto/public-key-verifier.js';
import type { ReceivedNotification } from '../../../lib/domain/notification.js';
import {
  V3NotificationReader,
  type V3NotificationReaderOptions,
} from '../../../lib/v3/notification-reader.js';
import { rsaKeys } from '../fixtures/rsa-keys.js';
import {
  signNotification,
  signV2Notification,
  type NotificationClaims,
  type NotificationKeys,
  type SignedNotification,
} from '../signing/signed-notification.js';

/** On a full second, as WeChat Pay dates things. */
export const NOW = Date.parse('2026-06-01T12:00:02Z');

const API_V2_KEY = '192006250b4c09247ec02edce69f6a2d';
const rsa = rsaKeys();

/** The keys of a merchant. WeChat Pay's key is the same for all of them: only its identifier and the APIv3 key differ. */
export function keysOf(name: string): NotificationKeys {
  return {
    platformPrivateKey: rsa.privatePem,
    serialNo: `PUB_KEY_ID_${name}`,
    apiV3Key: name.padEnd(32, '.'),
  };
}

/** What the notifications to the merchant "shop" are made with. */
export const SHOP_KEYS = keysOf('shop');

/** A merchant of APIv3 that reads what is made with these keys. */
export function merchantOf({ serialNo, apiV3Key }: NotificationKeys): WxPayV3Options {
  return {
    mchid: '1900000001',
    signer: new RsaSigner({ privateKey: rsa.privatePem, serialNo: '4A' }),
    verifier: new PublicKeyVerifier({ publicKey: rsa.publicPem, publicKeyId: serialNo }),
    apiV3Key,
  };
}

/** A merchant of APIv2. */
export const LEGACY: WxPayV2Options = {
  api: 'v2',
  mchid: '1900000001',
  appid: 'wx8888888888888888',
  signer: new HmacSha256Signer({ key: API_V2_KEY }),
};

/** A notification of a payment to {@link LEGACY}. */
export function toLegacy(): SignedNotification {
  return { headers: { 'content-type': 'text/xml' }, body: signV2Notification(API_V2_KEY) };
}

/** The reader of the merchant "shop", at {@link NOW}. */
export function shopReader(overrides: Partial<V3NotificationReaderOptions> = {}): V3NotificationReader {
  return new V3NotificationReader({
    merchant: 'shop',
    mchid: '1900000001',
    apiV3Key: readApiV3Key(SHOP_KEYS.apiV3Key),
    verifier: merchantOf(SHOP_KEYS).verifier,
    now: () => NOW,
    limits: { timeoutMs: 4_500, maxBytes: 1_048_576 },
    ...overrides,
  });
}

/** A notification to the merchant "shop". */
export function toShop(claims: NotificationClaims = {}): SignedNotification {
  return signNotification(SHOP_KEYS, { sentAt: NOW, ...claims });
}

/** A genuine notification to the merchant "shop", with some headers changed; undefined leaves one out. */
export function toShopWith(headers: ReceivedNotification['headers']): ReceivedNotification {
  const genuine = toShop();
  return { headers: { ...genuine.headers, ...headers }, body: genuine.body };
}
