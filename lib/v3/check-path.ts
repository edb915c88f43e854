import { WxPayInputError } from '../errors/wxpay-input-error.js';

/** Matches a path by the characters of https://www.rfc-editor.org/rfc/rfc3986#section-3.3, without `.` and `..` segments. */
const PATH = /^\/v3(\/(?!(\.|%2[eE]){1,2}(\/|$))([\w\-.~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})+)+$/;

/**
 * Checks the path of an endpoint that the caller names.
 *
 * @throws {WxPayInputError} naming `path`
 */
export function checkPath(path: unknown): string {
  if (typeof path === 'string' && PATH.test(path)) return path;
  throw new WxPayInputError(
    'path',
    'must begin with /v3/ and hold no characters that are not percent-encoded, and no query: pass that in the field query.',
  );
}
