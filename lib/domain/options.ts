import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { CODE_PAY_TIMEOUT_MS, MAX_TIMEOUT_MS } from '../rules/limits.js';

/** Time limit and abort signal of a call. */
export interface CallOptions {
  /** Ends the call, which rejects with `signal.reason`, like `fetch`. Requests that WeChat Pay has received are not undone. */
  readonly signal?: AbortSignal | undefined;
  /** Bounds the whole call, signing and waiting included, in milliseconds; default: the merchant's `timeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

/** Options of a self-test. */
export interface SelfTestOptions extends CallOptions {
  /**
   * Number of any sub-merchant. A service provider (服务商) over APIv2 has to name one, as WeChat Pay refuses its request
   * otherwise; everyone else leaves it out. Over APIv3 it is not sent.
   */
  readonly subMchid?: string | undefined;
}

/** Options of a query. */
export interface QueryOptions extends CallOptions {
  /**
   * Waits for the reply to an identical query with `share` that is under way, instead of sending another request; default
   * false.
   *
   * That reply may show the order as it was just before this query began. Show it to people, but do not ship, close or refund
   * on the strength of it.
   */
  readonly share?: boolean | undefined;
}

/** Options of many queries. */
export interface QueryManyOptions {
  /** Maximum number of queries under way at a time; default 8. */
  readonly concurrency?: number | undefined;
  /** Ends all queries: the iteration throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of a sweep. */
export interface SweepOptions {
  /** Maximum number of orders asked about at a time; default 8. Orders that wait for the rate limit of their merchant do not count. */
  readonly concurrency?: number | undefined;
  /** Ends the sweep: the iteration throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of a watch. */
export interface WatchOptions {
  /** Ends the watch with an error: the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** The pauses between queries, in milliseconds; the last one repeats. Default: the schedule that WeChat Pay recommends. */
  readonly scheduleMs?: readonly number[] | undefined;
  /** Time at which the watch completes, even if the order has not reached a final state. The watch errors with a time before 2013. */
  readonly until?: Date | undefined;
}

/** Options of a close. */
export interface CloseOptions extends CallOptions {
  /** Time at which the order was placed, if known. An order that is younger than `minOrderAgeMs` is then not closed. */
  readonly createdAt?: Date | undefined;
}

/** Options of a settlement. */
export interface SettleOptions extends CallOptions {
  /**
   * Time at which the order was placed, if known. The outcome is then `too-young` for an order that is younger than
   * `minOrderAgeMs` and is unpaid, or not known to WeChat Pay yet.
   */
  readonly createdAt?: Date | undefined;
  /** Time at which the order expired, if it is settled for that reason. Only telemetry uses it: it reports the lateness. */
  readonly expiresAt?: Date | undefined;
}

/** Options of a reversal. WeChat Pay refuses a reversal that is too early or too late: pass the times that the app knows. */
export interface ReverseOptions extends CallOptions {
  /** Time at which the order was placed. Until 15 seconds later the outcome is `too-early`. */
  readonly createdAt?: Date | undefined;
  /** Time at which the order was paid; default: the time that WeChat Pay reports. After 7 days the outcome is `expired`. */
  readonly paidAt?: Date | undefined;
  /**
   * Type of the order, until WeChat Pay reports it: over APIv2 it does so only for paid orders. Default `MICROPAY`, 付款码. An
   * unpaid order of type `FACEPAY`, paid by face (刷脸支付), needs it there, because those orders have another endpoint.
   */
  readonly tradeType?: 'MICROPAY' | 'FACEPAY' | undefined;
}

/** Options of a code payment. `timeoutMs` bounds all of it, the reversal included; default 60 000. */
export interface CodePayOptions extends CallOptions {
  /**
   * Time that the customer has to enter the password, in milliseconds; default 30 000, or half of `timeoutMs` if that is less.
   * After it the order is reversed, at least 15 seconds after the payment.
   */
  readonly waitMs?: number | undefined;
}

/** Options of signing pay parameters for an order that was placed before. */
export interface SignPayOptions extends CallOptions {
  /**
   * Appid of the page, mini program or app in which the customer pays; default: the merchant's `appid`. For a customer who has a
   * `subOpenid`, and for an app of the sub-merchant, it is the `subAppid`.
   */
  readonly appid?: string | undefined;
  /** Only for apps: value of `partnerid`; default: the merchant's number, for a service provider the provider's own. */
  readonly partnerId?: string | undefined;
}

/** @throws {WxPayInputError} naming the invalid option */
export function checkCallOptions(options: CallOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new WxPayInputError('options', 'must be an object such as { timeoutMs: 5000 }, or be left out.');
  }
  const { signal, timeoutMs } = options;
  if (
    timeoutMs !== undefined &&
    !(Number.isFinite(timeoutMs) && timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)
  ) {
    throw new WxPayInputError('timeoutMs', `must be a number of milliseconds from 1 to ${MAX_TIMEOUT_MS}.`);
  }
  // Checked by shape, not by instanceof: test environments have an AbortSignal class of their own.
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.throwIfAborted !== 'function') {
    throw new WxPayInputError('signal', 'must be an AbortSignal.');
  }
}

/** @throws {WxPayInputError} naming the invalid option */
export function checkQueryOptions(options: QueryOptions): void {
  checkCallOptions(options);
  const { share } = options;
  if (share !== undefined && typeof share !== 'boolean') {
    throw new WxPayInputError('share', 'must be true or false.');
  }
}

/** @throws {WxPayInputError} naming the invalid option */
export function checkCodePayOptions(options: CodePayOptions): void {
  checkCallOptions(options);
  const { waitMs, timeoutMs = CODE_PAY_TIMEOUT_MS } = options;
  if (waitMs === undefined || (Number.isFinite(waitMs) && waitMs >= 0 && waitMs < timeoutMs)) return;
  throw new WxPayInputError(
    'waitMs',
    `must be a number of milliseconds from 0 to less than timeoutMs (${timeoutMs}), so that time is left to reverse the order.`,
  );
}

/** @throws {WxPayInputError} naming the invalid option */
export function checkConcurrency(concurrency: number | undefined): void {
  if (concurrency === undefined || (Number.isSafeInteger(concurrency) && concurrency >= 1)) return;
  throw new WxPayInputError('concurrency', 'must be a whole number, at least 1.');
}

/** @throws {WxPayInputError} naming the invalid option */
export function checkSchedule(scheduleMs: readonly number[] | undefined): void {
  if (scheduleMs === undefined) return;
  const isPause = (ms: unknown): boolean => typeof ms === 'number' && ms > 0 && ms <= MAX_TIMEOUT_MS;
  if (!Array.isArray(scheduleMs) || scheduleMs.length === 0 || !scheduleMs.every(isPause)) {
    throw new WxPayInputError('scheduleMs', `must list pauses of 1 to ${MAX_TIMEOUT_MS} ms, at least one.`);
  }
}

/**
 * Checks the options of a reversal.
 *
 * @param now milliseconds since the epoch
 * @throws {WxPayInputError} naming the invalid option
 */
export function checkReverseOptions(options: ReverseOptions, now: number): void {
  checkCallOptions(options);
  const { createdAt, paidAt, tradeType } = options;
  checkPastDate(createdAt, 'createdAt', now);
  checkPastDate(paidAt, 'paidAt', now);
  if (tradeType !== undefined && tradeType !== 'MICROPAY' && tradeType !== 'FACEPAY') {
    throw new WxPayInputError(
      'tradeType',
      'must be MICROPAY or FACEPAY; orders of other types are not reversed.',
    );
  }
}

/**
 * Refuses a reference with `createdAt`, such as a database row, if the options have none: the order would be closed at any
 * age.
 *
 * @throws {WxPayInputError} naming `createdAt`
 */
export function checkNoCreatedAt(ref: object, { createdAt }: Pick<CloseOptions, 'createdAt'>): void {
  const { createdAt: misplaced } = ref as { readonly createdAt?: unknown };
  if (createdAt !== undefined || misplaced === undefined || misplaced === null) return;
  throw new WxPayInputError(
    'createdAt',
    'belongs in the second argument: pass (ref, { createdAt }), or leave it out of the first.',
  );
}

/** @throws {WxPayInputError} naming `field` */
export function checkDate(value: Partial<Date> | null | undefined, field: string): void {
  if (value === undefined) return;
  // Checked by shape, not by instanceof: test environments have a Date class of their own.
  if (!Number.isFinite(value?.getTime?.())) throw new WxPayInputError(field, 'must be a valid Date.');
}

/** Year of WeChat Pay's first payment. An earlier date was built from seconds instead of milliseconds. */
const EARLIEST = Date.UTC(2013, 0);
/** Maximum difference between the clocks of two servers, in milliseconds. */
const MAX_AHEAD_MS = 86_400_000;

/**
 * Checks a date that may be ahead of the clock.
 *
 * @throws {WxPayInputError} naming `field`, if the value is no valid date or is before 2013
 */
export function checkRecentDate(value: Date | null | undefined, field: string): void {
  checkDate(value, field);
  if ((value?.getTime() ?? EARLIEST) < EARLIEST) {
    throw new WxPayInputError(field, 'is before 2013: make it of milliseconds, new Date(seconds * 1000).');
  }
}

/**
 * Checks the date of a past event of an order.
 *
 * @param now milliseconds since the epoch
 * @throws {WxPayInputError} naming `field`, if the value is no valid date, is before 2013 or is more than a day after `now`
 */
export function checkPastDate(value: Date | null | undefined, field: string, now: number): void {
  checkRecentDate(value, field);
  if ((value?.getTime() ?? now) > now + MAX_AHEAD_MS) {
    throw new WxPayInputError(field, 'is more than a day ahead of the clock of this machine.');
  }
}
