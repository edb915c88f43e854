import { createHash, createHmac } from 'node:crypto';
import type { V2Fields } from '../../v2/xml.js';

/** How a message of APIv2 is signed. */
export type SignType = 'MD5' | 'HMAC-SHA256';

/**
 * The signature of a message, in upper-case hexadecimal. Written apart from the code under test: the two must agree by
 * the protocol alone.
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
