import { timingSafeEqual } from 'node:crypto';
import type { V2Fields } from '../xml.js';

/**
 * The text that a signature covers, before the key is put behind it: `name=value` of every field that is not empty, in
 * the order of their names (by code unit, so `A` comes before `_` and `a`), joined with `&` as they are.
 *
 * @see https://pay.weixin.qq.com/doc/v2/merchant/4011985891
 */
export function canonical(fields: V2Fields): string {
  return signedNames(fields)
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
}

/** The names of the fields that a signature covers, in its order. */
export function signedNames(fields: V2Fields): readonly string[] {
  return Object.keys(fields)
    .filter((name) => name !== 'sign' && fields[name] !== '')
    .toSorted();
}

/** Compares two signatures in a time that does not tell how much of them agrees. */
export function isSameSignature(expected: string, received: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(received)];
  return a.length === b.length && timingSafeEqual(a, b);
}
