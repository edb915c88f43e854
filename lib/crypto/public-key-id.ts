const PUBLIC_KEY_ID = /^PUB_KEY_ID_[\x21-\x7e]{1,117}$/;
/** Serial numbers have 40 characters; leading zeros may be left out. Digits alone are the identifier of a key without its prefix. */
const SERIAL_NO = /^(?:[0-9A-F]{40}|(?=\d*[A-F])[0-9A-F]{30,39})$/;

/** Returns true for the identifier of a WeChat Pay public key, `PUB_KEY_ID_…`. */
export function isPublicKeyId(text: string): boolean {
  return PUBLIC_KEY_ID.test(text);
}

/** Returns true for the normalised serial number of a platform certificate. */
export function isCertificateSerialNo(text: string): boolean {
  return SERIAL_NO.test(text);
}
