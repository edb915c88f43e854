import { isRateLimit } from '../errors/rate-limit.js';
import type { WxPayError } from '../index.js';

/** Steps of one kind of job: orders, or refunds. */
export interface JobSteps<Data> {
  /** Returns the name of the order or refund for messages. */
  subject(data: Data): string;
  /** Returns the time of the next request; undefined once the outcome is known. */
  nextAt(data: Data, now: Date): Date | undefined;
  /** Queries or settles the order, or queries the refund. Failures of WeChat Pay, and an unregistered merchant, are part of the result. */
  ask(merchant: string, data: Data): Promise<Asked<Data>>;
  /**
   * Checks that the merchant, if it is registered, has the number for which the job was tracked.
   *
   * @throws {WxPayConfigError} if it has another number
   */
  expectMchid(merchant: string, data: Data): void;
  /**
   * Delivers the outcome to the handler of the app.
   *
   * @returns the outcome
   * @throws what the handler throws
   */
  deliver(merchant: string, data: Data): Promise<string>;
}

/** Result of a request to WeChat Pay. */
export interface Asked<Data> {
  /** Data of the job after the request. */
  readonly data: Data;
  /** Failure of the request, if it left the state unknown. */
  readonly failure: WxPayError | undefined;
  /** Reason to park the job, if asking again does not help. */
  readonly park?: string | undefined;
}

/** Pause of a queue after a rate limit that names no delay. */
const LIMIT_PAUSE_MS = 10_000;
/** Maximum pause that a `Retry-After`, which is unsigned, may request for all orders of a merchant. */
const MAX_LIMIT_PAUSE_MS = 300_000;

/** Returns the time in milliseconds for which a rate limit pauses all requests of a merchant; undefined if there is none. */
export function limitPauseMs(failure: WxPayError | undefined): number | undefined {
  // After a refusal by a business rule, a pause of the queue does not help, and the job has pauses of its own.
  if (!isRateLimit(failure)) return undefined;
  return Math.min(Math.max(failure.retryAfterMs ?? LIMIT_PAUSE_MS, 1), MAX_LIMIT_PAUSE_MS);
}
