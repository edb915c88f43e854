import { copyTexts } from '../domain/texts.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import type { V3Request } from './operation.js';

/** Token and value by https://www.rfc-editor.org/rfc/rfc9110#section-5.1, in ASCII. */
const NAME = /^[!#$%&'*+.^_`|~\w-]{1,128}$/;
const VALUE = /^[\x21-\x7e](?:[\x20-\x7e]{0,4094}[\x21-\x7e])?$/;
const SERIAL = 'wechatpay-serial';
const SERIAL_VALUE = /^[\x21-\x7e]{1,128}$/;

/** Headers that the package or the HTTP client sets, and those that frame the message. */
const RESERVED: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);

/**
 * Checks the headers that a caller adds to a request.
 *
 * @returns the headers, and apart from them the value of `Wechatpay-Serial`
 * @throws {WxPayInputError} naming `headers`, for a header that cannot be sent or is not the caller's
 */
export function checkHeaders(given: unknown): Pick<V3Request, 'headers' | 'serialNo'> {
  if (given === undefined) return {};
  const headers = new Map<string, string>();
  for (const [written, value] of Object.entries(copyTexts('headers', given))) {
    const name = written.toLowerCase();
    const problem = headers.has(name) ? 'is given twice' : problemOf(name, value);
    if (problem !== undefined) {
      const shown = NAME.test(written) ? written : 'a name in it';
      throw new WxPayInputError('headers', `cannot be sent: ${shown} ${problem}.`);
    }
    headers.set(name, value);
  }
  const serialNo = headers.get(SERIAL);
  headers.delete(SERIAL);
  return { headers: Object.fromEntries(headers), ...(serialNo === undefined ? {} : { serialNo }) };
}

function problemOf(name: string, value: string): string | undefined {
  if (!NAME.test(name)) return 'is not a token';
  if (name === SERIAL) {
    return SERIAL_VALUE.test(value) ? undefined : 'is not the identifier of a key';
  }
  if (RESERVED.has(name) || name.startsWith('wechatpay-') || name.startsWith('proxy-')) {
    return 'is set by the package';
  }
  return VALUE.test(value)
    ? undefined
    : 'has a value that is not printable ASCII, or that has blanks around it';
}
