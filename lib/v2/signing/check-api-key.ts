import { WxPayConfigError } from '../../errors/wxpay-config-error.js';
import { API_KEY_BYTES, isApiKey } from '../../rules/formats.js';

/**
 * Checks an APIv2 key.
 *
 * @throws {WxPayConfigError} naming `key`
 */
export function checkApiKey(key: unknown): string {
  if (isApiKey(key)) return key;
  const given = typeof key === 'string' ? `has ${Buffer.byteLength(key)} bytes` : `is of type ${typeof key}`;
  throw new WxPayConfigError([
    `key must be the APIv2 key, ${API_KEY_BYTES} bytes long, as set in the merchant console; the given value ${given}.`,
  ]);
}
