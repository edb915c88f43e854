import type { PrepayForm } from '../../domain/placing/prepay-request.js';
import { identifier, memberOf, UnexpectedJson, type Reader } from '../json.js';

const PREPAY_ID = matching(/^[\w-]{1,64}$/, 'a prepay_id');
const CODE_URL = matching(/^(weixin|https):\/\/[\x21-\x7e]{1,504}$/, 'the address of a QR code');
const H5_URL = matching(/^https:\/\/[\x21-\x7e]{1,504}$/, 'an https address');

const MEMBERS: Readonly<Record<PrepayForm, readonly [name: string, read: Reader<string>]>> = {
  jsapi: ['prepay_id', PREPAY_ID],
  miniProgram: ['prepay_id', PREPAY_ID],
  app: ['prepay_id', PREPAY_ID],
  native: ['code_url', CODE_URL],
  h5: ['h5_url', H5_URL],
};

/** Reads what the customer of a placed order pays with. */
export function readPrepayReply(json: unknown, form: PrepayForm): string {
  const [name, read] = MEMBERS[form];
  return read(memberOf(json, name), `$.${name}`);
}

/** Creates a reader of a text that the app passes on to the customer's device. */
function matching(pattern: RegExp, expected: string): Reader<string> {
  return (value, path) => {
    const given = identifier(value, path);
    if (pattern.test(given)) return given;
    throw new UnexpectedJson(path, `is a string of ${given.length} characters, not ${expected}.`);
  };
}
