import { WxPayInputError } from '../errors/wxpay-input-error.js';
import type { CallOptions } from './call-options.js';

/** Options of a close. */
export interface CloseOptions extends CallOptions {
  /** When the order was placed, where the app knows: one that is too young is then not closed. */
  readonly createdAt?: Date;
}

/**
 * When an order is old enough to be closed, or undefined if it is, or if nobody knows its age.
 *
 * @param now milliseconds since the epoch
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_3 five minutes after it was placed
 */
export function closableAt(
  createdAt: Date | undefined,
  minOrderAgeMs: number,
  now: number,
): Date | undefined {
  if (createdAt === undefined) return undefined;
  const at = createdAt.getTime() + minOrderAgeMs;
  return at > now ? new Date(at) : undefined;
}

/** @throws {WxPayInputError} with `retryAt`, if the order is too young to be closed */
export function checkOrderAge(createdAt: Date | undefined, minOrderAgeMs: number, now: number): void {
  const retryAt = closableAt(createdAt, minOrderAgeMs, now);
  if (retryAt === undefined) return;
  throw new WxPayInputError(
    'createdAt',
    `is too recent: an order is closed ${minOrderAgeMs} ms after it was placed at the earliest. Close it at ${retryAt.toISOString()}.`,
    { retryAt },
  );
}

/** @throws {WxPayInputError} naming `field` */
export function checkDate(value: Partial<Date> | null | undefined, field: string): void {
  if (value === undefined) return;
  // By shape: test environments bring a Date of their own.
  if (!Number.isFinite(value?.getTime?.())) throw new WxPayInputError(field, 'must be a valid Date.');
}

/** WeChat Pay took its first payment in 2013: an earlier date was made of seconds. */
const EARLIEST = Date.UTC(2013, 0);
/** Clocks of servers differ, but not by a day. */
const MAX_AHEAD_MS = 86_400_000;

/**
 * Checks a date at which something happened to an order.
 *
 * @param now milliseconds since the epoch
 * @throws {WxPayInputError} naming `field`, if it is no date, or one that no order can have
 */
export function checkPastDate(value: Date | null | undefined, field: string, now: number): void {
  checkDate(value, field);
  if (value === undefined || value === null) return;
  const at = value.getTime();
  if (at < EARLIEST)
    throw new WxPayInputError(field, 'is before 2013: make it of milliseconds, new Date(seconds * 1000).');
  if (at > now + MAX_AHEAD_MS)
    throw new WxPayInputError(field, 'is more than a day ahead of the clock of this machine.');
}
