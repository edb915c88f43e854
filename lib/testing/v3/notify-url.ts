import { unmatched } from './parameter-problems.js';
import { text, type Reader } from './parameters.js';

// The pattern that WeChat Pay quotes in its refusals: no query, no fragment, no blanks.
const PATTERN = new RegExp(
  String.raw`^https?://([^\s/?#\[\]\@]+\@)?([^\s/?#\@:]+)(?::\d{2,5})?([^\s?#\[\]]*)$`,
);
const INTERNAL_HOST =
  /^(localhost|.+\.localhost|127\.\S+|0\.0\.0\.0|10\.\S+|192\.168\.\S+|172\.(1[6-9]|2\d|3[01])\.\S+)$/;

/**
 * Reads the `notify_url` of an order: https, without a query, at a host that WeChat Pay can reach.
 *
 * @param allowLocal takes http and hosts of this machine or its network, too
 */
export function notifyUrl(allowLocal: boolean): Reader<string> {
  const wellFormed = text({ max: 255, pattern: PATTERN });
  return (value, place) => {
    const url = wellFormed(value, place);
    if (!URL.canParse(url) || !(allowLocal || isPublic(new URL(url)))) throw unmatched(place, url);
    return url;
  };
}

function isPublic({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' && !INTERNAL_HOST.test(hostname);
}
