import { X509Certificate, type KeyObject } from 'node:crypto';
import { decryptAesGcm } from '../../crypto/aes-gcm.js';
import { readPublicKey, InvalidKeyError } from '../../crypto/pem.js';
import { PublicKeyVerifier } from '../../crypto/public-key-verifier.js';
import { UnexpectedJson } from '../json.js';
import type { EncryptedCertificate } from '../operations/download-certificates.js';
import { isSameSerialNo, type PlatformCertificate } from './platform-certificates.js';

const ALGORITHM = 'AEAD_AES_256_GCM';

/**
 * Decrypts a certificate and checks that it matches its announcement.
 *
 * @param path its path in the reply
 * @returns undefined for a certificate with another encryption, or with another algorithm than RSA, which APIv3 never signs
 *   with
 * @throws {DecryptionError} if the APIv3 key does not decrypt it
 * @throws {UnexpectedJson} if the decrypted content is not a usable certificate
 */
export function decryptCertificate(
  { serialNo, effectiveTime, expireTime, encryptCertificate }: EncryptedCertificate,
  apiV3Key: KeyObject,
  path: string,
): PlatformCertificate | undefined {
  const { algorithm, associatedData = '', ...encrypted } = encryptCertificate;
  // WeChat Pay may list certificates of future algorithms besides those in use.
  if (algorithm !== ALGORITHM) return undefined;
  const certificate = parse(decryptAesGcm(apiV3Key, { ...encrypted, associatedData }), path);
  if (!isSameSerialNo(certificate.serialNumber, serialNo)) {
    throw new UnexpectedJson(`${path}.serial_no`, 'is not the serial number of the certificate beside it.');
  }
  const publicKey = publicKeyOf(certificate, path);
  if (publicKey === undefined) return undefined;
  return {
    serialNo,
    // The dates in the certificate itself also apply: the narrower period wins.
    effectiveAt: Math.max(effectiveTime.getTime(), Date.parse(certificate.validFrom)),
    expiresAt: Math.min(expireTime.getTime(), Date.parse(certificate.validTo)),
    // The list may write more or fewer leading zeros.
    verifier: new PublicKeyVerifier({
      publicKey,
      publicKeyId: certificate.serialNumber.padStart(40, '0'),
    }),
  };
}

function parse(pem: Buffer, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new UnexpectedJson(
      `${path}.encrypt_certificate.ciphertext`,
      `holds ${pem.length} bytes that are no certificate.`,
    );
  }
}

/** Returns the public key, or undefined for an algorithm other than RSA, which Node may be unable to read. */
function publicKeyOf(certificate: X509Certificate, path: string): KeyObject | undefined {
  try {
    const { publicKey } = certificate;
    return publicKey.asymmetricKeyType === 'rsa' ? readPublicKey(publicKey) : undefined;
  } catch (error) {
    if (!(error instanceof InvalidKeyError)) return undefined;
    throw new UnexpectedJson(`${path}.encrypt_certificate.ciphertext`, error.message);
  }
}
