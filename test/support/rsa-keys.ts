import { generateKeyPairSync, type KeyObject } from 'node:crypto';

/** An RSA key pair in the forms that keys come in. */
export interface RsaKeys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** PKCS#8, as apiclient_key.pem. */
  readonly privatePem: string;
  /** SPKI, as pub_key.pem. */
  readonly publicPem: string;
}

/** Makes a fresh key pair; takes a tenth of a second or so, so share it within a file. */
export function generateRsaKeys(modulusLength = 2048): RsaKeys {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return {
    privateKey,
    publicKey,
    privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    publicPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  };
}
