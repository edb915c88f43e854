import type { Reply } from '../http/reply.js';

/**
 * The delay that a reply requests, in milliseconds: `Retry-After` is a number of seconds or an HTTP date.
 *
 * @param now milliseconds since the epoch
 */
export function retryAfterMs({ headers }: Reply, now: number): number | undefined {
  const header = headers.get('retry-after');
  if (header === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
