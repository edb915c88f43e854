const MAX_LENGTH = 200;

/**
 * Makes text that came from outside fit for a log line: no secrets, no control characters (they would let upstream
 * text forge log lines), at most 200 characters.
 */
export function redact(text: string): string {
  const line = removeSecrets(text)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  if (line.length <= MAX_LENGTH) return line;
  const head = line.slice(0, MAX_LENGTH);
  // Half of a surrogate pair is not text.
  return `${head.replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/**
 * Replaces what looks like a key, a signature, a token or an openid. Recognises them by form, so a secret without
 * one (a 32-character APIv2 key) has to be kept out of texts in the first place.
 */
export function removeSecrets(text: string): string {
  return text
    .replace(/-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(-----END [A-Z0-9 ]{1,40}-----|$)/g, '[pem]')
    .replace(/WECHATPAY2-[A-Z0-9-]{1,40}\s{1,8}\w{1,40}=[^\r\n]*/g, '[authorization]')
    .replace(/(Bearer|Basic)\s{1,8}[\w.~+/-]{16,}={0,2}/gi, '[authorization]')
    .replace(JWT, '[token]')
    .replace(/[A-Za-z0-9+/_%-]{64,}={0,2}/g, (run) => (readsAsPath(run) ? run : '[secret]'))
    .replace(OPENID, '[openid]');
}

/** Where a word begins: also behind an escaped character of JSON or of a URL, whose last letter looks like a part of it. */
const BEGINNING = String.raw`(?:(?<![\w-])|(?<=\\[bfnrt]|\\u[\da-fA-F]{4}|%[\da-fA-F]{2}))`;
const JWT = new RegExp(String.raw`${BEGINNING}eyJ[\w-]+\.[\w-]+\.[\w-]*`, 'g');
/** 28 characters that begin with "o", in mixed case, so that an order number in one case stays readable. */
const OPENID = new RegExp(String.raw`${BEGINNING}o(?=[\w-]*[A-Z])[\w-]{27}(?![\w-])`, 'g');

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
  return [/[a-z]/, /[A-Z]/, /\d/].every((characters) => characters.test(segment));
}
