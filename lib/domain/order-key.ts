import { WxPayInputError } from '../errors/wxpay-input-error.js';

/** What identifies an order beside the merchant; an `Order`, a reference or a row of a table will do. */
export interface OrderIdentity {
  readonly outTradeNo: string;
  /** The sub-merchant: each numbers its own orders. */
  readonly subMchid?: string | undefined;
}

/**
 * Makes the text that identifies an order among all orders of an app: a key for its table, for jobs, for idempotency.
 *
 * An order number alone is none: each merchant and each sub-merchant numbers its own orders. Different orders have different
 * keys whatever characters the names hold, and the format stays: `MERCHANT/PART_MCHID/SUB_MCHID/OUT_TRADE_NO`, empty where
 * there is none. It is case-sensitive, so store it in a column that compares bytes.
 *
 * @param merchant the name under which the merchant is registered, as in `WxPayNotification.merchant`
 * @param order its `outTradeNo`, and `subMchid` if it has one
 * @param partMchid the `mchid` of a part of a combine order, for such a part only
 * @throws {WxPayInputError} if a part of the key is no text
 */
export function orderKey(merchant: string, order: OrderIdentity, partMchid?: string): string {
  const { outTradeNo, subMchid } = order;
  return [
    required(merchant, 'merchant'),
    optional(partMchid, 'partMchid'),
    optional(subMchid, 'subMchid'),
    required(outTradeNo, 'outTradeNo'),
  ].join('/');
}

function required(value: unknown, field: string): string {
  const text = optional(value, field);
  if (text === '') throw new WxPayInputError(field, 'is missing: without it the key is not unique.');
  return text;
}

/** Null and empty, as rows of a database have it, are absent. */
function optional(value: unknown, field: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return escaped(value);
  throw new WxPayInputError(field, `must be a string; received a value of type ${typeof value}.`);
}

/** Percent-encoded, so that no name holds a separator; half of a surrogate pair, which has no encoding, as `%uD800`. */
function escaped(text: string): string {
  return text.replace(/[^\w.~-]/gu, (char) =>
    /\p{Surrogate}/u.test(char)
      ? `%u${char.charCodeAt(0).toString(16).toUpperCase()}`
      : encodeURIComponent(char),
  );
}
