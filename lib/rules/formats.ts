/** Format of a merchant number, which never begins with 0. */
export const MCHID = /^[1-9]\d{0,31}$/;
/** Format of an appid. */
export const APPID = /^[0-9A-Za-z_-]{1,32}$/;
/** Length of the APIv2 key and of the APIv3 key, in bytes of UTF-8. */
export const API_KEY_BYTES = 32;

export function isMchid(value: unknown): value is string {
  return typeof value === 'string' && MCHID.test(value);
}

export function isAppid(value: unknown): value is string {
  return typeof value === 'string' && APPID.test(value);
}

export function isApiKey(value: unknown): value is string {
  return typeof value === 'string' && Buffer.byteLength(value) === API_KEY_BYTES;
}
