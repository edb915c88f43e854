import { isUtf8 } from 'node:buffer';
import { createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { UnusableKey } from './pem.js';

/** What WeChat Pay encrypted with the APIv3 key, as it stands in certificates and notifications. */
export interface SealedText {
  /** Base64 of the encrypted bytes and the 16 bytes of the tag. */
  readonly ciphertext: string;
  readonly nonce: string;
  /** Empty for none. */
  readonly associatedData: string;
}

/** Why a text could not be decrypted; the message is a phrase that follows what it was, without a byte of it. */
export class Undecryptable extends Error {
  /** Whether the APIv3 key is to blame, or else the text. */
  readonly suspect: 'key' | 'text';

  constructor(suspect: 'key' | 'text', problem: string) {
    super(problem);
    this.suspect = suspect;
  }
}

const KEY_BYTES = 32;
const TAG_BYTES = 16;
// What AES-GCM is made for, and what the field of the protocol can hold.
const NONCE_BYTES = { min: 12, max: 16 };

/**
 * Reads an APIv3 key (APIv3密钥): the 32 bytes of its text, whatever they look like.
 *
 * @throws {UnusableKey} saying how long it is instead
 */
export function readApiV3Key(text: string): KeyObject {
  const bytes = Buffer.from(typeof text === 'string' ? text : '');
  if (bytes.length !== KEY_BYTES)
    throw new UnusableKey(
      `must be exactly ${KEY_BYTES} bytes, not ${bytes.length}. Copy the APIv3 key that was set in the merchant console.`,
    );
  return createSecretKey(bytes);
}

/**
 * Decrypts AEAD_AES_256_GCM and checks that nobody changed the text, its nonce or its associated data.
 *
 * @throws {Undecryptable} naming the likely cause
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012071382
 */
export function decryptAesGcm(
  apiV3Key: KeyObject,
  { ciphertext, nonce, associatedData }: SealedText,
): Buffer {
  const sealed = Buffer.from(ciphertext, 'base64');
  // Node skips what is not base64; the text that was checked is to be the text that was received.
  if (sealed.toString('base64') !== ciphertext) throw new Undecryptable('text', 'is not base64');
  if (sealed.length < TAG_BYTES)
    throw new Undecryptable('text', `is cut off: ${sealed.length} bytes are less than the tag that ends it`);
  const nonceBytes = Buffer.byteLength(nonce);
  if (nonceBytes < NONCE_BYTES.min || nonceBytes > NONCE_BYTES.max)
    throw new Undecryptable(
      'text',
      `has a nonce of ${nonceBytes} bytes, not ${NONCE_BYTES.min} to ${NONCE_BYTES.max}`,
    );

  const decipher = createDecipheriv('aes-256-gcm', apiV3Key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  decipher.setAAD(Buffer.from(associatedData));
  const unproven = decipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    // This is where the tag is checked.
    return Buffer.concat([unproven, decipher.final()]);
  } catch {
    throw unreadable(unproven);
  }
}

/** Under a wrong key everything becomes noise, which is hardly ever UTF-8; a change elsewhere leaves it readable. */
function unreadable(unproven: Buffer): Undecryptable {
  return isUtf8(unproven)
    ? new Undecryptable(
        'text',
        'was changed on the way, or its associated data is not what it was encrypted with; the APIv3 key itself fits',
      )
    : new Undecryptable(
        'key',
        'cannot be decrypted with this APIv3 key. It is most likely not the one in the merchant console: copy it again, or set a new one there',
      );
}
