import { WxPayInputError } from '../errors/wxpay-input-error.js';

/**
 * Computes the time from which an order may be closed.
 *
 * @param now milliseconds since the epoch
 * @returns undefined if the order may be closed now, or if its age is unknown
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
