import { createPublicKey, generateKeyPair, randomBytes, randomInt, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { readPrivateKey, readOrReport, type KeyInput } from '../../crypto/pem.js';
import { WxPayConfigError } from '../../index.js';

/** Credentials of a merchant, as the merchant console provides them. */
export interface MockWxPayKeys {
  /** Private key, as in apiclient_key.pem. */
  readonly merchantPrivateKey: string;
  /** Serial number of the merchant API certificate: 40 hexadecimal characters. */
  readonly merchantSerialNo: string;
  /** WeChat Pay public key, as in pub_key.pem; verifies the gateway's signatures. */
  readonly platformPublicKey: string;
  /** Identifier of `platformPublicKey`: `PUB_KEY_ID_…`. */
  readonly publicKeyId: string;
  /** APIv3 key, 32 characters. */
  readonly apiV3Key: string;
  /** APIv2 key, 32 characters. */
  readonly apiV2Key: string;
}

/** Keys to use; missing ones are generated. */
export interface MockWxPayKeysInput {
  readonly merchantPrivateKey?: string | undefined;
  readonly merchantSerialNo?: string | undefined;
  /** Signs the gateway's replies; its public half becomes `platformPublicKey`. */
  readonly platformPrivateKey?: string | undefined;
  readonly publicKeyId?: string | undefined;
  readonly apiV3Key?: string | undefined;
  readonly apiV2Key?: string | undefined;
}

/** Keys of both sides: the merchant's credentials, and the private key that only WeChat Pay would have. */
export interface KeyRing {
  readonly merchant: MockWxPayKeys;
  readonly merchantPublicKey: KeyObject;
  readonly platformPrivateKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/**
 * Reads the given keys and generates the others.
 *
 * @throws {WxPayConfigError} listing every invalid key
 */
export async function createKeyRing(given: MockWxPayKeysInput = {}): Promise<KeyRing> {
  const faults: string[] = [];
  const [merchantPrivateKey, platformPrivateKey] = await Promise.all([
    privateKey(given.merchantPrivateKey, 'keys.merchantPrivateKey', faults),
    privateKey(given.platformPrivateKey, 'keys.platformPrivateKey', faults),
  ]);
  if (merchantPrivateKey === undefined || platformPrivateKey === undefined) {
    throw new WxPayConfigError(faults);
  }
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
  if (given !== undefined) return readOrReport(() => readPrivateKey(given), name, faults);
  return (await generate('rsa', { modulusLength: 2048 })).privateKey;
}

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}
