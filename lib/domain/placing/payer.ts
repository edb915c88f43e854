import type { SubMerchantRef } from '../order-ref.js';
import type { InputReader } from './input-reader.js';

/** Customer of an order: the openid under the appid that the order is placed with, or under the sub-merchant's `subAppid`. */
export type PrepayPayer =
  | { readonly openid: string; readonly subOpenid?: never }
  | { readonly subOpenid: string; readonly openid?: never };

const OPENID = {
  max: 128,
  pattern: /^[\w-]+$/,
  expected: 'an openid, 1 to 128 characters of 0-9 A-Z a-z _ -',
};

/** Reads the customer of an order to place. */
export function readPayer(order: InputReader, { subAppid }: SubMerchantRef): PrepayPayer {
  return order.requiredObject('payer', (payer) => {
    const openid = payer.text('openid', OPENID);
    const subOpenid = payer.text('subOpenid', OPENID);
    if ((openid === undefined) === (subOpenid === undefined)) {
      throw order.fault('payer', 'needs exactly one of openid and subOpenid.');
    }
    if (openid !== undefined) return { openid };
    if (subAppid === undefined) {
      throw order.fault('subAppid', 'is missing: a subOpenid belongs to the appid of a sub-merchant.');
    }
    // Sound: exactly one of the two is set.
    return { subOpenid: subOpenid as string };
  });
}
