import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { loadX509, validFrom } from './x509.js';

/** Platform certificate (平台证书) of the mock gateway. */
export interface MockPlatformCertificate {
  /** Serial number: 40 hexadecimal characters. */
  readonly serialNo: string;
  /** Certificate in PEM. */
  readonly certificate: string;
  readonly effectiveAt: Date;
  readonly expiresAt: Date;
}

/** Signing key of the gateway and its identifier. */
export interface PlatformKey {
  readonly id: string;
  readonly privateKey: KeyObject;
}

/** Platform certificate and its key. */
export interface CertifiedKey extends PlatformKey {
  readonly certificate: MockPlatformCertificate;
}

const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

/** Creates a platform certificate, valid for five years like the real ones. */
export async function createPlatformCertificate(now: number): Promise<CertifiedKey> {
  const { X509CertificateGenerator } = await loadX509();
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  // The fixed first digit keeps the number positive and free of leading zeros.
  const serialNo = `5${randomBytes(20).toString('hex').slice(1)}`.toUpperCase();
  const { notBefore, notAfter } = validFrom(now, 5);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Tenpay.com sign',
    serialNumber: serialNo,
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore,
    notAfter,
  });
  return {
    id: serialNo,
    privateKey: KeyObject.from(keys.privateKey),
    certificate: {
      serialNo,
      certificate: certificate.toString('pem'),
      effectiveAt: notBefore,
      expiresAt: notAfter,
    },
  };
}
