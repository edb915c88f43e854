import { checkDate } from '../options.js';
import type { InputReader } from './input-reader.js';

/** Maximum time for which an order can be paid, in milliseconds: 90 days. WeChat Pay shortens a longer time to it. */
const MAX_EXPIRY_MS = 90 * 86_400_000;
/** Time for which an order can be paid whose request names no expiry, in milliseconds: 7 days. */
const DEFAULT_EXPIRY_MS = 7 * 86_400_000;

/**
 * Reads the last moment at which an order to place can be paid. If it is less than a minute ahead, WeChat Pay lets the order expire
 * a minute after it receives the request.
 *
 * @param now milliseconds since the epoch
 * @returns the moment without its milliseconds, which WeChat Pay does not take
 */
export function readExpiresAt(order: InputReader, now: number): Date | undefined {
  const name = 'expiresAt';
  // Sound: checkDate checks values of any type.
  const value = order.value(name) as Date | undefined;
  if (value === undefined) return undefined;
  checkDate(value, order.pathOf(name));
  const at = Math.floor(value.getTime() / 1000) * 1000;
  if (at <= now) throw order.fault(name, 'has passed: nobody could pay the order.');
  if (at > now + MAX_EXPIRY_MS) throw order.fault(name, 'is more than 90 days ahead.');
  return new Date(at);
}

/** Returns the last moment at which an order can be paid whose request names none: seven days after it was placed. */
export function defaultExpiry(createdAt: Date): Date {
  return new Date(createdAt.getTime() + DEFAULT_EXPIRY_MS);
}
