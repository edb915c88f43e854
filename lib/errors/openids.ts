/**
 * 28 or 29 characters that start with "o" and end at a separator or the end of the word. The lookahead also finds overlapping
 * candidates.
 */
const CANDIDATE = /(?=(o[\w-]{27,28})(?![A-Za-z\d]))/g;
/**
 * Minimum number of changes between lower case, upper case and digits in an openid. Openids have 16 on average; words and
 * dates rarely reach six.
 */
const MIN_CHANGES = 6;
/** Maximum length of an order number. */
const MAX_ORDER_NUMBER = 32;

/**
 * Replaces openids (28 characters, rarely 29) anywhere in a word.
 *
 * A whole word of that length counts as an openid if it has a capital letter, unless it consists of words and dates, as order
 * numbers do. Part of a longer word must also look random, and must not be the end of a random order number, which may
 * contain an "o" too.
 */
export function removeOpenids(text: string): string {
  return text.replace(/[\w-]{28,}/g, (run, start: number) => {
    const isWholeWord = (openid: string, from: number): boolean =>
      from + openid.length === run.length &&
      (from === 0 || isEscapeEnd(text.slice(Math.max(0, start + from - 6), start + from)));
    let redacted = '';
    let end = 0;
    for (const { 1: openid = '', index } of run.matchAll(CANDIDATE)) {
      const isOpenid = isWholeWord(openid, index)
        ? looksLikeOpenid(openid)
        : looksRandom(openid) && isOutsideOrderNumber(run, index);
      if (!isOpenid) continue;
      if (index >= end) redacted += `${run.slice(end, index)}[openid]`;
      end = index + openid.length;
    }
    return redacted + run.slice(end);
  });
}

/**
 * Returns true if a string ends in an escaped character of JSON or of a URL. Its last letter looks like a part of the next
 * word.
 */
function isEscapeEnd(text: string): boolean {
  return /(?:\\[bfnrt]|\\u[\da-fA-F]{4}|%[\da-fA-F]{2})$/.test(text);
}

/**
 * Returns true if the candidate cannot be the end of an order number: a separate word precedes it, or the whole is longer
 * than an order number.
 */
function isOutsideOrderNumber(run: string, index: number): boolean {
  const prefix = run.slice(0, index);
  if (run.length > MAX_ORDER_NUMBER || /(?:^|[_-]|^[a-z]+|^[A-Z]+)$/.test(prefix)) return true;
  // Such as "Id" or "User". Without a vowel it is hardly a word, but the beginning of a random number.
  return /^[A-Z][a-z]+$/.test(prefix) && /[aeiou]/i.test(prefix);
}

function looksLikeOpenid(word: string): boolean {
  return /[A-Z]/.test(word) && !(/\d{8}/.test(word) && countChanges(word) < MIN_CHANGES);
}

function looksRandom(word: string): boolean {
  const isMixed = /[A-Z]/.test(word) && /[a-z]/.test(word.slice(1));
  const isCamelCase = /^[a-z]+(?:[A-Z][a-z]+)*$/.test(word);
  return isMixed && !isCamelCase && countChanges(word) >= MIN_CHANGES;
}

/** Counts the changes between lower case, upper case and digits. */
function countChanges(word: string): number {
  return [...word.replace(/[_-]/g, '').matchAll(/[a-z]+|[A-Z]+|\d+/g)].length - 1;
}
