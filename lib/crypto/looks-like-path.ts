/** Longer than any path in use and shorter than any RSA key in use. */
export const MAX_PATH_LENGTH = 260;
/** Length of a line of PEM. A shorter part of a key is seldom set by mistake. */
const PEM_LINE_LENGTH = 64;
const FILE_NAME = /\.(pem|key|crt|cer|der|p12|pfx|txt)$/i;
/** `./key`, `~/key`, `~shop/key`, `$HOME/key`, `%APPDATA%\key`, `C:\key`, `\\host\key`, `file:///key`. None is base64. */
const ROOTED = /^(\.{1,2}[\\/]|~[\w-]*[\\/]|\$\{?\w+\}?[\\/]|%\w+%[\\/]|[A-Za-z]:[\\/]|\\\\|file:)/;
/** `/key`, `/run/secrets/key`, `certs/key`, `my keys\key`, `/证书/私钥`. */
const SEGMENTS = /^\/?[\p{L}\p{N}_. -]+([\\/][\p{L}\p{N}_. -]+)*$/u;
/** Characters of base64 without those that a path seldom has. */
const BASE64_LIKE = /^[A-Za-z0-9/ ]+$/;
/** Word, abbreviation or number. No part of a key consists of these alone. */
const WORD = /^([a-z]{1,24}|[A-Z][a-z]{1,24}|[A-Z]{1,24}|[A-Za-z]{0,3}\d{1,6})?$/;

/**
 * Returns true if a string looks like a path and not like a key in PEM or base64. Users often confuse the two in
 * configuration.
 */
export function looksLikePath(text: string): boolean {
  if (text.length > MAX_PATH_LENGTH || text.includes('-----')) return false;
  if (FILE_NAME.test(text) || ROOTED.test(text)) return true;
  if (!/[\\/]/.test(text) || !SEGMENTS.test(text)) return false;
  return text.length < PEM_LINE_LENGTH || !BASE64_LIKE.test(text) || isMadeOfWords(text);
}

/** Returns true for a Windows path in which `\n` or `\r` was read as an escape, such as `C:\new\key.pem` or `certs\new_key`. */
export function isBrokenWindowsPath(text: string): boolean {
  if (!/[\r\n]/.test(text) || text.length > MAX_PATH_LENGTH || text.includes('-----')) return false;
  if (/^[A-Za-z]:|\\(?![nr])|\.(pem|key|p12|txt)$/i.test(text)) return true;
  return text.split(/[\r\n]/).every((part) => /^[\w. -]+$/.test(part) && isMadeOfWords(part));
}

/** Returns true if each part of a path is a word, an abbreviation or a number. A part of a key is not. */
export function isMadeOfWords(path: string): boolean {
  return path.split(/[\\/._\s:~-]/).every((part) => WORD.test(part));
}
