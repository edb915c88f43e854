import { createDecipheriv, createHash } from 'node:crypto';
import { WxPaySignatureError } from '../../errors/wxpay-signature-error.js';

/**
 * Decrypts `req_info` of a refund notification: AES-256-ECB with PKCS#7 padding, and the MD5 of the APIv2 key in lower-case
 * hexadecimal as the key.
 *
 * @param encrypted base64
 * @returns XML, if the key fits
 * @throws {WxPaySignatureError} `mismatch` if the key does not decrypt it
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_16
 */
export function decryptRefundNotice(encrypted: string, apiV2Key: string): string {
  const key = createHash('md5').update(apiV2Key).digest('hex');
  const decipher = createDecipheriv('aes-256-ecb', key, null);
  try {
    return Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()]).toString();
  } catch {
    // The error of OpenSSL is not passed on: it only tells which check of the padding failed.
    throw new WxPaySignatureError('mismatch', 'The APIv2 key does not decrypt the notification.');
  }
}
