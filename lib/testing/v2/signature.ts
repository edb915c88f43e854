import { createHash, createHmac } from 'node:crypto';
import type { V2Fields } from '../../v2/xml.js';

/** Signature algorithm of an APIv2 message. */
export type SignType = 'MD5' | 'HMAC-SHA256';

/**
 * Computes the signature of a message, in upper-case hexadecimal. Implemented independently of the library, so that only the
 * protocol can make the two agree.
 *
 * @see https://pay.weixin.qq.com/doc/v2/merchant/4011985891
 */
export function signatureOf(fields: V2Fields, signType: SignType, apiV2Key: string): string {
  const signed = Object.entries(fields).filter(([name, value]) => name !== 'sign' && value !== '');
  const text = signed.map(([name, value]) => `${name}=${value}&`).toSorted(byName);
  const message = `${text.join('')}key=${apiV2Key}`;
  const hash = signType === 'MD5' ? createHash('md5') : createHmac('sha256', apiV2Key);
  return hash.update(message, 'utf8').digest('hex').toUpperCase();
}

function byName(a: string, b: string): number {
  const [[nameOfA = ''], [nameOfB = '']] = [a.split('=', 1), b.split('=', 1)];
  return Buffer.compare(Buffer.from(nameOfA), Buffer.from(nameOfB));
}
