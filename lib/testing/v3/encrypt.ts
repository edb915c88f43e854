import { createCipheriv, randomBytes } from 'node:crypto';

/** Data encrypted with the APIv3 key, as in certificates and notifications. */
export interface Encrypted {
  readonly algorithm: 'AEAD_AES_256_GCM';
  readonly nonce: string;
  readonly associated_data: string;
  /** Base64 of the encrypted bytes followed by the authentication tag. */
  readonly ciphertext: string;
}

/**
 * Encrypts with AEAD_AES_256_GCM.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012071382
 */
export function encrypt(text: string | Uint8Array, apiV3Key: string, associatedData: string): Encrypted {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce).setAAD(Buffer.from(associatedData));
  const encrypted = [cipher.update(text), cipher.final(), cipher.getAuthTag()];
  return {
    algorithm: 'AEAD_AES_256_GCM',
    nonce,
    associated_data: associatedData,
    ciphertext: Buffer.concat(encrypted).toString('base64'),
  };
}
