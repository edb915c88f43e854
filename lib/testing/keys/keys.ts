import { createPublicKey, generateKeyPair, randomBytes, randomInt, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { readPrivateKey, usable, type KeyInput } from '../../crypto/pem.js';
import { WxPayConfigError } from '../../index.js';

/** What a merchant gets from the merchant console, for the mock gateway. */
export interface MockWxPayKeys {
  /** As in apiclient_key.pem. */
  readonly merchantPrivateKey: string;
  /** 40 hexadecimal characters. */
  readonly merchantSerialNo: string;
  /** As in pub_key.pem: verifies what the gateway signs. */
  readonly platformPublicKey: string;
  /** Identifies `platformPublicKey`: `PUB_KEY_ID_…`. */
  readonly publicKeyId: string;
  /** The APIv3 key, 32 characters. */
  readonly apiV3Key: string;
  /** The APIv2 key, 32 characters. */
  readonly apiV2Key: string;
}

/** Keys brought along; those left out are generated. */
export interface MockWxPayKeysInput {
  readonly merchantPrivateKey?: string | undefined;
  readonly merchantSerialNo?: string | undefined;
  /** Signs the gateway's answers; its public half becomes `platformPublicKey`. */
  readonly platformPrivateKey?: string | undefined;
  readonly publicKeyId?: string | undefined;
  readonly apiV3Key?: string | undefined;
  readonly apiV2Key?: string | undefined;
}

/** The keys of both sides: what the merchant gets, and what only WeChat Pay would have. */
export interface KeyRing {
  readonly merchant: MockWxPayKeys;
  readonly merchantPublicKey: KeyObject;
  readonly platformPrivateKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/**
 * Reads the keys given and generates the others.
 *
 * @throws {WxPayConfigError} naming every key that cannot be used
 */
export async function createKeyRing(given: MockWxPayKeysInput = {}): Promise<KeyRing> {
  const faults: string[] = [];
  const [merchantPrivateKey, platformPrivateKey] = await Promise.all([
    privateKey(given.merchantPrivateKey, 'keys.merchantPrivateKey', faults),
    privateKey(given.platformPrivateKey, 'keys.platformPrivateKey', faults),
  ]);
  if (merchantPrivateKey === undefined || platformPrivateKey === undefined)
    throw new WxPayConfigError(faults);
  const merchant: MockWxPayKeys = {
    merchantPrivateKey: merchantPrivateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    merchantSerialNo: given.merchantSerialNo ?? randomBytes(20).toString('hex').toUpperCase(),
    platformPublicKey: createPublicKey(platformPrivateKey).export({ type: 'spki', format: 'pem' }).toString(),
    publicKeyId: given.publicKeyId ?? `PUB_KEY_ID_01${digits(32)}`,
    apiV3Key: given.apiV3Key ?? randomBytes(16).toString('hex'),
    apiV2Key: given.apiV2Key ?? randomBytes(16).toString('hex'),
  };
  return { merchant, merchantPublicKey: createPublicKey(merchantPrivateKey), platformPrivateKey };
}

async function privateKey(
  given: KeyInput | undefined,
  name: string,
  faults: string[],
): Promise<KeyObject | undefined> {
  if (given !== undefined) return usable(() => readPrivateKey(given), name, faults);
  return (await generate('rsa', { modulusLength: 2048 })).privateKey;
}

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}
