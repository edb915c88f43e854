import { WxPayInputError } from '../errors/wxpay-input-error.js';

/** Members that identify an order of a merchant. An `Order`, a reference or a database row has them. */
export interface OrderIdentity {
  readonly outTradeNo: string;
  /** The sub-merchant's number: each sub-merchant numbers its own orders. */
  readonly subMchid?: string | undefined;
}

/**
 * Builds a string that identifies an order among all orders of an app. Use it as a key of tables and jobs, and for
 * idempotency.
 *
 * An order number alone is not unique: each merchant and each sub-merchant numbers its own orders. Different orders have
 * different keys, whichever characters the names contain. The format will not change:
 * `MERCHANT/PART_MCHID/SUB_MCHID/OUT_TRADE_NO`, with an empty segment for an absent value. Keys are case-sensitive: store
 * them in a column that compares bytes.
 *
 * @param merchant the registered name of the merchant, as in `WxPayNotification.merchant`
 * @param order the order's `outTradeNo`, and its `subMchid` if it has one
 * @param partMchid the `mchid` of a sub-order of a combine order; only for sub-orders
 * @throws {WxPayInputError} if a part of the key is not a string, or if `merchant` or `outTradeNo` is missing
 */
export function orderKey(merchant: string, order: OrderIdentity, partMchid?: string): string {
  // A look-up that found nothing must not become a key.
  const { outTradeNo, subMchid } = (order ?? {}) as Partial<OrderIdentity>;
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

/** Escapes a part of the key; null counts as absent, as in a database row. */
function optional(value: unknown, field: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return escaped(value);
  throw new WxPayInputError(field, `must be a string; received a value of type ${typeof value}.`);
}

/** Percent-encodes a name, so that it contains no separator. A lone surrogate, which has no encoding, becomes `%uD800`. */
function escaped(text: string): string {
  return text.replace(/[^\w.~-]/gu, (char) =>
    /\p{Surrogate}/u.test(char)
      ? `%u${char.charCodeAt(0).toString(16).toUpperCase()}`
      : encodeURIComponent(char),
  );
}
