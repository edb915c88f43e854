import { isUtf8 } from 'node:buffer';
import { constants, publicEncrypt, webcrypto, type KeyObject } from 'node:crypto';
import { WxPayInputError } from '../errors/wxpay-input-error.js';

/** Bytes that the padding takes: two SHA-1 digests and two more. */
const PADDING_BYTES = 42;
const ALGORITHM = { name: 'RSA-OAEP', hash: 'SHA-1' };

/**
 * Encrypts a text with RSAES-OAEP (SHA-1, MGF1 with SHA-1), the encryption of sensitive fields.
 *
 * @returns base64
 * @throws {WxPayInputError} if the text has more bytes than the key can encrypt
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013053257
 */
export function encryptOaep(publicKey: KeyObject, text: string): string {
  const bytes = Buffer.from(text);
  const max = (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8 - PADDING_BYTES;
  if (bytes.length > max) {
    throw new WxPayInputError('text', `must have at most ${max} bytes of UTF-8; it has ${bytes.length}.`);
  }
  const key = { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
  // Synchronous on purpose: encrypting with a public key takes less than a round trip to the thread pool.
  return publicEncrypt(key, bytes).toString('base64');
}

/** Decrypts sensitive fields with one private key, in the thread pool, as it takes a millisecond. */
export class OaepDecryptor {
  readonly #privateKey: KeyObject;
  #imported: Promise<webcrypto.CryptoKey> | undefined;

  constructor(privateKey: KeyObject) {
    this.#privateKey = privateKey;
  }

  /**
   * Decrypts a field.
   *
   * @param ciphertext base64
   * @throws {WxPayInputError} if it was encrypted for another key, or is damaged
   */
  async decrypt(ciphertext: string): Promise<string> {
    const encrypted = Buffer.from(ciphertext, 'base64');
    // `Buffer.from` ignores characters that are not base64.
    if (encrypted.toString('base64') !== ciphertext) {
      throw new WxPayInputError('ciphertext', 'is not base64.');
    }
    const bytes = await this.#decrypt(encrypted);
    if (!isUtf8(bytes)) throw new WxPayInputError('ciphertext', 'decrypts to bytes that are not UTF-8.');
    return bytes.toString();
  }

  async #decrypt(encrypted: Buffer): Promise<Buffer> {
    const key = await (this.#imported ??= this.#import());
    try {
      return Buffer.from(await webcrypto.subtle.decrypt(ALGORITHM, key, encrypted));
    } catch {
      throw new WxPayInputError(
        'ciphertext',
        'cannot be decrypted with the private key of this merchant: it was encrypted for another certificate, or is not complete.',
      );
    }
  }

  #import(): Promise<webcrypto.CryptoKey> {
    const pkcs8 = this.#privateKey.export({ type: 'pkcs8', format: 'der' });
    return webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['decrypt']);
  }
}
