import { WxPayConfigError } from '../../errors/wxpay-config-error.js';

/**
 * Checks an APIv2 key.
 *
 * @throws {WxPayConfigError} naming `key`
 */
export function checkApiKey(key: unknown): string {
  if (typeof key === 'string' && Buffer.byteLength(key) === 32) return key;
  const given = typeof key === 'string' ? `has ${Buffer.byteLength(key)} bytes` : `is of type ${typeof key}`;
  throw new WxPayConfigError([
    `key must be the APIv2 key, 32 bytes long, as set in the merchant console; what was given ${given}.`,
  ]);
}
