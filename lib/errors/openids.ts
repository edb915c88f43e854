/** Any 28 or 29 characters that begin with "o", behind which the word ends, or goes on with a separator. Found within each other, too. */
const CANDIDATE = /(?=(o[\w-]{27,28})(?![A-Za-z\d]))/g;
/** How often openids at least change between small letters, capitals and digits: 16 times on average, words and dates seldom. */
const MIN_CHANGES = 6;
/** No order number is longer. */
const MAX_ORDER_NUMBER = 32;

/**
 * Replaces openids, which have 28 characters, seldom 29, wherever they stand in a word.
 *
 * A word that is as long as an openid is taken for one if it has a capital letter, unless it is made of words and dates, as
 * order numbers are. Part of a longer word has to look random as well, and not to be the end of a random order number, which
 * contains an "o", too.
 */
export function removeOpenids(text: string): string {
  return text.replace(/[\w-]{28,}/g, (run, start: number) => {
    const isWhole = (openid: string, from: number): boolean =>
      from + openid.length === run.length &&
      (from === 0 || isEscapeEnd(text.slice(Math.max(0, start + from - 6), start + from)));
    let shown = '';
    let end = 0;
    for (const { 1: openid = '', index } of run.matchAll(CANDIDATE)) {
      const isOpenid = isWhole(openid, index)
        ? looksLikeOpenid(openid)
        : looksRandom(openid) && isNoOrderNumber(run, index);
      if (!isOpenid) continue;
      if (index >= end) shown += `${run.slice(end, index)}[openid]`;
      end = index + openid.length;
    }
    return shown + run.slice(end);
  });
}

/** Whether a text ends in an escaped character of JSON or of a URL, whose last letter looks like a part of the next word. */
function isEscapeEnd(text: string): boolean {
  return /(?:\\[bfnrt]|\\u[\da-fA-F]{4}|%[\da-fA-F]{2})$/.test(text);
}

/** Whether what stands before is a word of its own, or the whole longer than an order number. */
function isNoOrderNumber(run: string, index: number): boolean {
  return run.length > MAX_ORDER_NUMBER || /(?:^|[_-]|^[a-z]+|^[A-Z]+)$/.test(run.slice(0, index));
}

function looksLikeOpenid(word: string): boolean {
  return /[A-Z]/.test(word) && !(/\d{8}/.test(word) && changes(word) < MIN_CHANGES);
}

function looksRandom(word: string): boolean {
  const isMixed = /[A-Z]/.test(word) && /[a-z]/.test(word.slice(1));
  const isCamelCase = /^[a-z]+(?:[A-Z][a-z]+)*$/.test(word);
  return isMixed && !isCamelCase && changes(word) >= MIN_CHANGES;
}

/** How often a small letter, a capital or a digit follows one of another class. */
function changes(word: string): number {
  const runs = word.replace(/[_-]/g, '').match(/[a-z]+|[A-Z]+|\d+/g) ?? [];
  return runs.length - 1;
}
