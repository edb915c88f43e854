import { timingSafeEqual } from 'node:crypto';
import type { V2Fields } from '../xml.js';

/**
 * Builds the text that a signature covers, before the key is appended: `name=value` of every filled field, unescaped, in the
 * order of their names (by code unit, so `A` comes before `_` and `a`), joined with `&`.
 *
 * @see https://pay.weixin.qq.com/doc/v2/merchant/4011985891
 */
export function canonical(fields: V2Fields): string {
  return signedNames(fields)
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
}

/** Returns the names of the fields that a signature covers, in its order. */
export function signedNames(fields: V2Fields): readonly string[] {
  return Object.keys(fields)
    .filter((name) => name !== 'sign' && fields[name] !== '')
    .toSorted();
}

/** Compares two signatures in constant time. */
export function isSameSignature(expected: string, received: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(received)];
  return a.length === b.length && timingSafeEqual(a, b);
}
