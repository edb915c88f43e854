import { oneLine } from './one-line.js';
import { removeOpenids } from './openids.js';

const MAX_LENGTH = 200;
/** More than this is not read for the 200 characters that are shown: texts from outside may be megabytes. */
const MAX_READ = 65_536;

/**
 * Makes text that came from outside fit for a log line: no secrets, no control characters (they would let upstream
 * text forge log lines), at most 200 characters.
 */
export function redact(text: string): string {
  const line = safeLine(text.slice(0, MAX_READ)).trim();
  if (line.length <= MAX_LENGTH) return line;
  const head = line.slice(0, MAX_LENGTH);
  // Half of a surrogate pair is not text.
  return `${head.replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Makes one line without secrets of a text, however long it is. */
export function safeLine(text: string): string {
  return oneLine(removeSecrets(text));
}

/** A line of the log about a merchant, whose name a tenant may have chosen. */
export function logLine(merchant: string | undefined, text: string): string {
  return merchant === undefined ? text : `[${redact(merchant)}] ${text}`;
}

/**
 * Replaces what looks like a key, a signature, a token or an openid. Recognises them by form, or by the
 * name before them (`key=…`), so a secret without either (an APIv2 key on its own) has to be kept out of texts in the first place.
 */
export function removeSecrets(text: string): string {
  const shown = text
    .replace(/-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(-----END [A-Z0-9 ]{1,40}-----|$)/g, '[pem]')
    .replace(/WECHATPAY2-[A-Z0-9-]{1,40}\s{1,8}\w{1,40}=[^\r\n]*/g, '[authorization]')
    .replace(/(Bearer|Basic)\s{1,8}[\w.~+/-]{16,}={0,2}/gi, '[authorization]')
    .replace(JWT, '[token]')
    .replace(/[A-Za-z0-9+/_%-]{64,}={0,2}/g, (run) => (readsAsPath(run) ? run : '[secret]'))
    .replace(/<Buffer [\da-f][^<>]{0,400}>/g, '<Buffer [secret]>')
    .replace(/("type":"Buffer","data":)\[[\d,\s]{1,65536}\]/g, '$1[secret]')
    .replace(ASSIGNED, '$1$2[secret]')
    .replace(NAMED, '$1[secret]')
    .replace(STATED, '$1[secret]');
  return removeOpenids(shown);
}

/** Where a word begins: also behind an escaped character of JSON or of a URL, whose last letter looks like a part of it. */
const BEGINNING = String.raw`(?:(?<![\w-])|(?<=\\[bfnrt]|\\u[\da-fA-F]{4}|%[\da-fA-F]{2}))`;
const JWT = new RegExp(String.raw`${BEGINNING}eyJ[\w-]+\.[\w-]+\.[\w-]*`, 'g');
/** The names under which keys, passwords and the signatures of APIv2 stand: `apiV2Key`, `client_secret`, `paySign`. */
const NAME = String.raw`(?:key|secret|password|passphrase|sign)`;
/** `key=…`, as in the text that APIv2 signs; any length. */
const ASSIGNED = new RegExp(
  String.raw`(${NAME}(?:=|%3D))(?!\[(?:secret|pem|openid|authorization|token)\]|>)(\[?)[^\s&"'\\<>,;()\]}]+`,
  'gi',
);
/** The same in JSON, XML or the words of `util.inspect`; shorter values may be words of a sentence. */
const NAMED = new RegExp(
  String.raw`(${NAME}(?:\\{0,3}["'])?(?:\s{0,3}(?:[:=]>?|=>)\s{0,3}\[?|>(?:<!\[CDATA\[)?)(?:\\{0,3}["'])?)(?!PUB_KEY_ID_)[\w+/-]{16,}={0,2}`,
  'gi',
);
/** The same in a sentence, where only a value with a digit is no word. */
const STATED = new RegExp(
  String.raw`(${NAME}\s{1,3}(?:is\s{1,3})?["']?)(?!PUB_KEY_ID_|[\da-f]{40}(?!\w))(?=[A-Za-z+/-]{0,64}\d)[\w+/-]{16,}={0,2}`,
  'gi',
);

/** Paths of files and URLs are long runs as well, but of short words; random characters mix all classes. */
function readsAsPath(run: string): boolean {
  const segments = run.split('/');
  return (
    segments.length > 1 &&
    segments.every((segment) => segment.length <= 40 && !isMixed(segment)) &&
    !run.endsWith('=')
  );
}

function isMixed(segment: string): boolean {
  return segment.length >= 3 && /[a-z]/.test(segment) && /[A-Z]/.test(segment) && /\d/.test(segment);
}
