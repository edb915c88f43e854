/**
 * Normalises the serial number of a certificate to WeChat Pay's form, 40 hexadecimal characters in upper case. Accepts the
 * output of OpenSSL and browsers: `serial=408B…`, `40:8B:…`, lower case. Any other string is returned trimmed.
 */
export function normalizeSerialNo(given: string): string {
  const text = given.trim();
  const digits = text.replace(/^(serial\s*=|0x)/i, '').replace(/[\s:]/g, '');
  return /^[0-9A-Fa-f]+$/.test(digits) ? digits.toUpperCase() : text;
}
