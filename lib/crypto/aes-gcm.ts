import { isUtf8 } from 'node:buffer';
import { createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { InvalidKeyError } from './pem.js';
import { API_KEY_BYTES } from '../rules/formats.js';

/** Text that WeChat Pay encrypted with the APIv3 key. Certificates and notifications contain it. */
export interface EncryptedData {
  /** Base64 of the encrypted bytes followed by the 16 bytes of the authentication tag. */
  readonly ciphertext: string;
  readonly nonce: string;
  /** Additional authenticated data (AAD); empty if there is none. */
  readonly associatedData: string;
}

/** Failed decryption. The message is a phrase that follows the name of the ciphertext; it contains none of its bytes. */
export class DecryptionError extends Error {
  /** Likely cause: a wrong APIv3 key, or a damaged ciphertext. */
  readonly likelyCause: 'key' | 'ciphertext';

  constructor(likelyCause: 'key' | 'ciphertext', problem: string) {
    super(problem);
    this.likelyCause = likelyCause;
  }
}

const TAG_BYTES = 16;
// AES-GCM is specified for 12 bytes; the field of the protocol holds up to 16.
const NONCE_BYTES = { min: 12, max: 16 };

/**
 * Reads an APIv3 key (APIv3密钥): exactly 32 bytes of UTF-8, any characters.
 *
 * @throws {InvalidKeyError} with the length received
 */
export function readApiV3Key(text: string): KeyObject {
  const bytes = Buffer.from(typeof text === 'string' ? text : '');
  if (bytes.length !== API_KEY_BYTES) {
    throw new InvalidKeyError(
      `must be exactly ${API_KEY_BYTES} bytes, not ${bytes.length}. Copy the APIv3 key that was set in the merchant console.`,
    );
  }
  return createSecretKey(bytes);
}

/**
 * Decrypts AEAD_AES_256_GCM and authenticates the ciphertext, the nonce and the associated data.
 *
 * @throws {DecryptionError} naming the likely cause
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012071382
 */
export function decryptAesGcm(
  apiV3Key: KeyObject,
  { ciphertext, nonce, associatedData }: EncryptedData,
): Buffer {
  const encrypted = Buffer.from(ciphertext, 'base64');
  // `Buffer.from` ignores characters that are not base64, so reject a ciphertext that does not round-trip.
  if (encrypted.toString('base64') !== ciphertext) throw new DecryptionError('ciphertext', 'is not base64');
  if (encrypted.length < TAG_BYTES) {
    throw new DecryptionError(
      'ciphertext',
      `is cut off: ${encrypted.length} bytes are less than the tag that ends it`,
    );
  }
  const nonceBytes = Buffer.byteLength(nonce);
  if (nonceBytes < NONCE_BYTES.min || nonceBytes > NONCE_BYTES.max) {
    throw new DecryptionError(
      'ciphertext',
      `has a nonce of ${nonceBytes} bytes, not ${NONCE_BYTES.min} to ${NONCE_BYTES.max}`,
    );
  }

  const decipher = createDecipheriv('aes-256-gcm', apiV3Key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(encrypted.subarray(-TAG_BYTES));
  decipher.setAAD(Buffer.from(associatedData));
  const unauthenticated = decipher.update(encrypted.subarray(0, -TAG_BYTES));
  try {
    // `final` checks the authentication tag.
    return Buffer.concat([unauthenticated, decipher.final()]);
  } catch {
    throw tagMismatch(unauthenticated);
  }
}

/**
 * Guesses the cause of a failed tag check. A wrong key decrypts to random bytes, which are hardly ever UTF-8; after a change
 * to the tag, the nonce or the associated data, or to a few bytes of the ciphertext, most of the plaintext is still readable.
 */
function tagMismatch(unauthenticated: Buffer): DecryptionError {
  return isUtf8(unauthenticated)
    ? new DecryptionError(
        'ciphertext',
        'was changed on the way, or its associated data is not what it was encrypted with; the APIv3 key itself fits',
      )
    : new DecryptionError(
        'key',
        'cannot be decrypted with this APIv3 key. It is most likely not the one in the merchant console: copy it again, or set a new one there',
      );
}
