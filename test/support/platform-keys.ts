import { randomBytes, webcrypto } from 'node:crypto';
import { generateRsaKeys, type RsaKeys } from './rsa-keys.js';

const DAY_MS = 86_400_000;
const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

/** A key that WeChat Pay signs with, and its platform certificate. */
export interface PlatformKey {
  readonly serialNo: string;
  readonly privatePem: string;
  readonly certificatePem: string;
  readonly effectiveAt: Date;
  readonly expiresAt: Date;
}

export interface PlatformKeyOptions {
  readonly serialNo?: string;
  readonly keys?: RsaKeys;
  readonly effectiveAt?: Date;
  readonly expiresAt?: Date;
}

/** Makes a platform certificate: since yesterday and for a year, under a random number, if nothing else is said. */
export async function createPlatformKey({
  // The first digit keeps the number positive and without leading zeros.
  serialNo = `4${randomBytes(20).toString('hex').slice(1)}`.toUpperCase(),
  keys = generateRsaKeys(),
  effectiveAt = new Date(Date.now() - DAY_MS),
  expiresAt = new Date(Date.now() + 365 * DAY_MS),
}: PlatformKeyOptions = {}): Promise<PlatformKey> {
  // The library needs the metadata polyfill to be there first.
  await import('reflect-metadata');
  const { X509CertificateGenerator } = await import('@peculiar/x509');
  const pkcs8 = keys.privateKey.export({ format: 'der', type: 'pkcs8' });
  const spki = keys.publicKey.export({ format: 'der', type: 'spki' });
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Tenpay.com sign',
    serialNumber: serialNo,
    notBefore: effectiveAt,
    notAfter: expiresAt,
    signingAlgorithm: ALGORITHM,
    keys: {
      privateKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, true, ['sign']),
      publicKey: await webcrypto.subtle.importKey('spki', spki, ALGORITHM, true, ['verify']),
    },
  });
  return {
    serialNo,
    privatePem: keys.privatePem,
    certificatePem: certificate.toString('pem'),
    effectiveAt,
    expiresAt,
  };
}

/** Makes a platform certificate of elliptic curves, which no signature of APIv3 uses. */
export async function createEllipticKey(): Promise<PlatformKey> {
  await import('reflect-metadata');
  const { X509CertificateGenerator } = await import('@peculiar/x509');
  const curve = { name: 'ECDSA', namedCurve: 'P-256' };
  const keys = await webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']);
  const [effectiveAt, expiresAt] = [new Date(Date.now() - DAY_MS), new Date(Date.now() + DAY_MS)];
  const serialNo = `4${randomBytes(20).toString('hex').slice(1)}`.toUpperCase();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Tenpay.com sign',
    serialNumber: serialNo,
    notBefore: effectiveAt,
    notAfter: expiresAt,
    signingAlgorithm: { ...curve, hash: 'SHA-256' },
    keys,
  });
  return { serialNo, privatePem: '', certificatePem: certificate.toString('pem'), effectiveAt, expiresAt };
}
