import { DEFAULT_MERCHANT } from '../../rules/default-merchant.js';
import { checkDate, checkPastDate } from '../options.js';
import { checkCloseOrderRef, type CloseOrderRef } from '../order-ref.js';
import { InputReader } from '../placing/input-reader.js';
import type { PlacedOrder } from '../placing/placed-order.js';

/** Order that is asked about until its outcome is known: what placing it returned, and its merchant. A plain value. */
export interface TrackedOrder extends PlacedOrder {
  /** The registered name of the merchant; default: the default merchant. */
  readonly merchant?: string | undefined;
}

/** Maximum time for which an order may be tracked, in milliseconds: a year. A later expiry was built from the wrong unit. */
const MAX_LIFE_MS = 366 * 86_400_000;

/**
 * Checks an order that the app tracks. A merchant that is null, as in a database row, counts as absent.
 *
 * @returns a copy of the checked members only, with the name of the merchant, because a cursor may reuse one object for all of its rows
 * @throws {WxPayInputError} naming the invalid member
 */
export function checkTrackedOrder(
  order: TrackedOrder,
  now: Date,
): TrackedOrder & { readonly merchant: string } {
  const reader = new InputReader(order, 'order');
  // Sound: checkCloseOrderRef checks values of any type.
  const ref = reader.object('ref', () => checkCloseOrderRef(reader.value('ref') as CloseOrderRef));
  if (ref === undefined) throw reader.fault('ref', 'is missing: pass the one that placing returned.');
  const createdAt = readDate(reader, 'createdAt');
  const expiresAt = readDate(reader, 'expiresAt');
  checkPastDate(createdAt, 'createdAt', now.getTime());
  const lifeMs = expiresAt.getTime() - createdAt.getTime();
  if (lifeMs < 0) throw reader.fault('expiresAt', 'must not be before createdAt.');
  if (lifeMs > MAX_LIFE_MS) throw reader.fault('expiresAt', 'is more than a year after createdAt.');
  const merchant = reader.text('merchant', { max: Infinity, expected: 'the name of a merchant' });
  return { ref, createdAt, expiresAt, merchant: merchant ?? DEFAULT_MERCHANT };
}

function readDate(reader: InputReader, name: string): Date {
  // Sound: checkDate checks values of any type.
  const value = reader.value(name) as Date | undefined;
  if (value === undefined) throw reader.fault(name, 'is missing.');
  checkDate(value, name);
  return new Date(value.getTime());
}
