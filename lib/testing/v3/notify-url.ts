import { isReachable } from '../notifications/is-reachable.js';
import { patternMismatch } from './parameter-problems.js';
import { string, type Reader } from './parameters.js';

// Pattern quoted in WeChat Pay's refusals: no query, no fragment, no blanks.
const PATTERN = new RegExp(
  String.raw`^https?://([^\s/?#\[\]\@]+\@)?([^\s/?#\@:]+)(?::\d{2,5})?([^\s?#\[\]]*)$`,
);

/**
 * Creates a reader of the `notify_url` of an order: https, without a query, at a host that WeChat Pay can reach.
 *
 * @param allowLocal also accepts http and local hosts
 * @param max maximum length in bytes
 */
export function notifyUrl(allowLocal: boolean, max = 255): Reader<string> {
  const wellFormed = string({ max, pattern: PATTERN });
  return (value, place) => {
    const url = wellFormed(value, place);
    if (!URL.canParse(url) || !(allowLocal || isReachable(url))) throw patternMismatch(place, url);
    return url;
  };
}
