import { redact } from '../errors/redact.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { UnexpectedField } from './fields.js';
import { isExactField, isKnownField } from './field-names.js';
import { signedNames } from './signing/canonical-fields.js';
import type { V2Fields } from './xml.js';

const BOUNDARY = /&([^&=]+)=/g;
/** A request alone has these; a reply or a notification never does. */
const OF_REQUESTS = ['notify_url', 'spbill_create_ip'];
/** What a request says in these comes back with the order. */
const RETURNED = ['attach', 'detail', 'device_info'];

/**
 * Refuses a message of which the signature does not prove the fields.
 *
 * A signature of APIv2 covers `name=value&name=value` in the order of the names, not where one field ends and the next
 * begins. A customer who fills `attach` (or a person who fills the `body` of an order, or the remark of an article) can
 * write `&out_trade_no=…&total_fee=…` there, and whoever sees the message pass can cut the signed text at these places
 * and hide the true fields in the value of another. So every reading of one signed text has to agree in what counts:
 *
 * - No value holds `&name=` of a field that the pages document. Hence all accepted readings have a boundary at each such
 *   place: nothing documented can be hidden in `attach` or in a field made up for it. What is cut out of a value becomes a
 *   field only in the order of the names, between the value's own field and the next: after `attach` of a paid order that
 *   is `bank_type`, with nothing that counts between them.
 * - Codes, numbers and identifiers hold no `&name=` at all.
 * - Other names stay legal in texts, as in `a=1&b=2` or in a remark within `promotion_detail`: no field of that name is
 *   read, so it makes no difference where it is cut ({@link endsAsSigned} is about the end of the text itself).
 * - A request that the app signed itself is no reply, though the same key signs both.
 *
 * @throws {UnexpectedField} naming the field
 */
export function expectOneReading(fields: V2Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    if (cutsIn(value).some((cut) => isKnownField(cut) || isExactField(name))) {
      throw new UnexpectedField(`$.${redact(name)}`, 'holds text that could be read as separate fields.');
    }
  }
  for (const name of OF_REQUESTS) {
    if (fields[name]) throw new UnexpectedField(`$.${name}`, 'belongs to a request, not to its reply.');
  }
}

/**
 * Tells whether a text ends where the signed field did. With a field behind it that no page documents, that field may
 * have been its end: `a=1&b=2`, cut, is the text `a=1` and a field `b`.
 */
export function endsAsSigned(fields: V2Fields, name: string): boolean {
  const names = signedNames(fields);
  const next = names[names.indexOf(name) + 1];
  return next === undefined || isKnownField(next);
}

/**
 * Refuses to sign a request that could be sent back as a reply, or whose order could not be read for what it holds: every
 * reply has `return_code` and `result_code`, and no request does, so that none can be cut out of it.
 *
 * @throws {WxPayInputError} naming the field
 */
export function expectNoFieldsWithin(fields: V2Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    const found = cutsIn(value).find((cut) =>
      RETURNED.includes(name) ? isKnownField(cut) : cut === 'return_code' || cut === 'result_code',
    );
    if (found !== undefined) {
      throw new WxPayInputError(
        name,
        `must not contain "&${found}=": APIv2 signatures cannot tell it from a separate field, so replies about this order would be refused. Encode the text, for example with encodeURIComponent.`,
      );
    }
  }
}

/** The names at which a value could be cut. */
function cutsIn(value: string): readonly string[] {
  return [...value.matchAll(BOUNDARY)].map(([, name = '']) => name);
}
