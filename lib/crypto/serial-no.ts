/**
 * Writes the serial number of a certificate as WeChat Pay does, 40 hexadecimal characters in capital letters, from what
 * OpenSSL and browsers print: `serial=408B…`, `40:8B:…`, small letters. Other text is returned without blanks around it.
 */
export function normalizeSerialNo(given: string): string {
  const text = given.trim();
  const digits = text.replace(/^(serial\s*=|0x)/i, '').replace(/[\s:]/g, '');
  return /^[0-9A-Fa-f]+$/.test(digits) ? digits.toUpperCase() : text;
}
