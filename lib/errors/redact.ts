import { oneLine } from './one-line.js';
import { removeOpenids } from './openids.js';

const MAX_LENGTH = 200;
/** Maximum number of characters read to show 200 of them: upstream texts may be megabytes long. */
const MAX_READ = 65_536;

/**
 * Makes upstream text safe for a log line: no secrets, no control characters (they could forge log lines), at most 200
 * characters.
 */
export function redact(text: string): string {
  const line = safeLine(text.slice(0, MAX_READ)).trim();
  if (line.length <= MAX_LENGTH) return line;
  const head = line.slice(0, MAX_LENGTH);
  // Drop half a surrogate pair at the cut.
  return `${head.replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Makes a single line without secrets of a text of any length. */
export function safeLine(text: string): string {
  return oneLine(removeSecrets(text));
}

/** Formats a log line about a merchant. The name is redacted, because a tenant of the app may have chosen it. */
export function logLine(merchant: string | undefined, text: string): string {
  return merchant === undefined ? text : `[${redact(merchant)}] ${text}`;
}

/**
 * Replaces keys, signatures, tokens and openids. They are recognised by their form or by the name before them (`key=…`). A
 * secret with neither, such as an APIv2 key on its own, must not be put into messages at all.
 */
export function removeSecrets(text: string): string {
  const redacted = text
    .replace(/-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(-----END [A-Z0-9 ]{1,40}-----|$)/g, '[pem]')
    .replace(/WECHATPAY2-[A-Z0-9-]{1,40}\s{1,8}\w{1,40}=[^\r\n]*/g, '[authorization]')
    .replace(/(Bearer|Basic)\s{1,8}[\w.~+/-]{16,}={0,2}/gi, '[authorization]')
    .replace(JWT, '[token]')
    .replace(/[A-Za-z0-9+/_%-]{64,}={0,2}/g, (run) => (readsAsPath(run) ? run : '[secret]'))
    .replace(/<Buffer [\da-f][^<>]{0,400}>/g, '<Buffer [secret]>')
    .replace(BYTES, '$1[secret]')
    .replace(ASSIGNED, '$1$2[secret]')
    .replace(NAMED, '$1[secret]')
    .replace(STATED, '$1[secret]')
    .replace(PAYMENT_CODE, '$1[secret]');
  return removeOpenids(redacted);
}

/** Start of a word, also after an escaped character of JSON or of a URL, whose last letter looks like a part of the word. */
const BEGINNING = String.raw`(?:(?<![\w-])|(?<=\\[bfnrt]|\\u[\da-fA-F]{4}|%[\da-fA-F]{2}))`;
const JWT = new RegExp(String.raw`${BEGINNING}eyJ[\w-]+\.[\w-]+\.[\w-]*`, 'g');
/** A `Buffer` as `JSON.stringify` writes it, with any indentation, also within a text of another JSON. */
const BYTES =
  /("type\\{0,3}":\s?\\{0,3}"Buffer\\{0,3}",(?:\s|\\n){0,80}\\{0,3}"data\\{0,3}":\s?)\[(?:[\d,\s]|\\n){1,65536}\]/g;
/** Names of fields that hold keys, passwords and APIv2 signatures: `apiV2Key`, `client_secret`, `paySign`. */
const NAME = String.raw`(?:key|secret|password|passphrase|sign)`;
/** `key=…` as in the string that APIv2 signs; values of any length. */
const ASSIGNED = new RegExp(
  String.raw`(${NAME}(?:=|%3D))(?!\[(?:secret|pem|openid|authorization|token)\]|>)(\[?)[^\s&"'\\<>,;()\]}]+`,
  'gi',
);
/**
 * The same in JSON, XML or the output of `util.inspect`. Values of fewer than 16 characters are skipped: they may be words of
 * a sentence.
 */
const NAMED = new RegExp(
  String.raw`(${NAME}(?:\\{0,3}["'])?(?:\s{0,3}(?:[:=]>?|=>)\s{0,3}\[?|>(?:<!\[CDATA\[)?)(?:\\{0,3}["'])?)(?!PUB_KEY_ID_)[\w+/-]{16,}={0,2}`,
  'gi',
);
/** The same in a sentence. Only values with a digit are replaced: all others may be words. */
const STATED = new RegExp(
  String.raw`(${NAME}\s{1,3}(?:is\s{1,3})?["']?)(?!PUB_KEY_ID_|[\da-f]{40}(?!\w))(?=[A-Za-z+/-]{0,64}\d)[\w+/-]{16,}={0,2}`,
  'gi',
);

/**
 * A payment code (付款码) behind its name. On its own, it looks like an order number of 18 digits. At most 20 characters, such
 * as `">` or ` is `, lie between the name and the code.
 */
const PAYMENT_CODE =
  /((?:auth\W?_?code|(?:payment|bar|qr) ?code|付款码|授权码|条形?码|二维码)\D{0,20})\d{18}(?!\d)/gi;

/**
 * Returns true for a path of a file or URL. Paths are long too, but their segments are short and do not mix lower case, upper
 * case and digits.
 */
function readsAsPath(run: string): boolean {
  const segments = run.split('/');
  return segments.every((segment) => segment.length <= 40 && !isMixed(segment)) && !run.endsWith('=');
}

function isMixed(segment: string): boolean {
  return /[a-z]/.test(segment) && /[A-Z]/.test(segment) && /\d/.test(segment);
}
