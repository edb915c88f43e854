import { redact } from '../errors/redact.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { UnexpectedField } from './fields.js';
import { isExactField, isKnownField } from './field-names.js';
import { signedNames } from './signing/canonical-fields.js';
import type { V2Fields } from './xml.js';

const BOUNDARY = /&([^&=]+)=/g;
/** Fields of requests that no reply and no notification has. */
const OF_REQUESTS = ['notify_url', 'spbill_create_ip'];
/** Fields of a request that WeChat Pay returns with the order. */
const RETURNED = ['attach', 'detail', 'device_info'];

/**
 * Refuses a message whose signature does not prove its fields.
 *
 * A signature of APIv2 covers `name=value&name=value` in the order of the names, but not the boundaries between the fields.
 * A customer who fills `attach`, or a person who fills the `body` of an order or the remark of an article, can write
 * `&out_trade_no=…&total_fee=…` into the value. An attacker who intercepts the message can then split the signed text at
 * these places and hide the true fields in the value of another field, and the signature stays valid. All accepted readings
 * of one signed text must therefore agree on every field that the library relies on:
 *
 * - No value contains `&name=` of a documented field. Every accepted reading therefore has a boundary at each such place,
 *   and no documented field can be hidden in `attach` or in an invented field. Text split off a value becomes a field only
 *   in the order of the names, between the field of that value and the next one. After `attach` of a paid order, the next
 *   field is `bank_type`, and no field between them matters.
 * - Codes, numbers and identifiers contain no `&name=` at all.
 * - Other names remain legal in texts, as in `a=1&b=2` or in a remark within `promotion_detail`: no field of that name is
 *   read, so a split there has no effect. {@link endsAsSigned} checks the end of the text itself.
 * - A request that the app signed itself is not accepted as a reply, although the same key signs both.
 *
 * @throws {UnexpectedField} naming the field
 */
export function expectUnambiguous(fields: V2Fields): void {
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
 * Tells whether a text ends where the signed field ended. If an undocumented field follows, it may have been split off the
 * text: `a=1&b=2` becomes the text `a=1` and a field `b`.
 */
export function endsAsSigned(fields: V2Fields, name: string): boolean {
  const names = signedNames(fields);
  const next = names[names.indexOf(name) + 1];
  return next === undefined || isKnownField(next);
}

/**
 * Refuses to sign a request that could be sent back as a reply, or that would make replies about its order unreadable. Every
 * reply has `return_code` and `result_code`, and no request does: while no value contains them, no part of a request can
 * pass as a reply.
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

/** Returns the names at which a value could be split into fields. */
function cutsIn(value: string): readonly string[] {
  return [...value.matchAll(BOUNDARY)].map(([, name = '']) => name);
}
