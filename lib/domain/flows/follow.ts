import { Observable } from 'rxjs';
import { isNotFound } from '../../errors/is-not-found.js';
import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import { MAX_TIMEOUT_MS } from '../../rules/limits.js';
import { onAbort } from '../../signals/signal-followers.js';
import type { CallOptions, WatchOptions } from '../options.js';
import { LONGEST_PAUSE_MS } from '../schedules.js';
import { appClosed } from './app-closed.js';
import { attemptCall } from './attempt-call.js';
import { pause } from './pause.js';

/** Pause after a rate limit, or a restriction by a business rule, that names no delay. */
const RATE_LIMIT_PAUSE_MS = 30_000;
/** Number of consecutive "not found" replies that end a watch before its first value. A new order may not be visible yet. */
const MAX_NOT_FOUND = 3;

/** Clock and shutdown signal of the app, for work that may last as long as the app runs. */
export interface App {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborted when the app is closed. */
  readonly closing?: AbortSignal;
}

/** Value at WeChat Pay that changes until it is final, such as an order or a refund. */
export interface Followed<T> {
  /** Kind of the value for error messages. */
  readonly kind: 'order' | 'refund';
  /** Name of the value for error messages. */
  readonly subject: string;
  /** Prepares one query. It is called for each, because the keys of the merchant may be replaced during the watch. */
  readonly query: () => FollowedQuery<T>;
  readonly isFinal: (value: T) => boolean;
  /** Serialises the part of a value whose changes are emitted. */
  readonly comparableOf: (value: T) => string;
  /** Official pauses in milliseconds; the last one repeats. */
  readonly scheduleMs: readonly number[];
  /** Returns other pauses to use from this value on; undefined for no change. */
  readonly otherScheduleMs?: (value: T) => readonly number[] | undefined;
}

/** One query, with the timeout of its merchant. */
export interface FollowedQuery<T> {
  readonly timeoutMs: number;
  readonly run: (options: CallOptions) => Promise<T>;
}

/** Queries a value repeatedly until it is final, and emits each change. */
export function follow<T>(
  followed: Followed<T>,
  options: WatchOptions,
  { now, closing }: App,
): Observable<T> {
  return new Observable<T>((subscriber) => {
    const { signal } = options;
    const ended = new AbortController();
    const unfollow = onAbort(signal, () => ended.abort(signal?.reason));
    const stay = onAbort(closing, () =>
      ended.abort(appClosed(`The watch of ${followed.subject}`, followed.kind)),
    );
    const changes: Changes<T> = { signal: ended.signal, emit: (value) => subscriber.next(value) };
    queryUntilFinal(followed, options, changes, now).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => {
      unfollow();
      stay();
      ended.abort();
    };
  });
}

/** The subscriber of a watch, and the signal that ends it. */
interface Changes<T> {
  readonly signal: AbortSignal;
  readonly emit: (value: T) => void;
}

async function queryUntilFinal<T>(
  { query, isFinal, comparableOf, scheduleMs: officialMs, otherScheduleMs }: Followed<T>,
  { scheduleMs, until }: WatchOptions,
  { signal, emit }: Changes<T>,
  now: () => number,
): Promise<void> {
  const endsAt = until?.getTime() ?? Infinity;
  let schedule = scheduleMs ?? officialMs;
  let looks: string | undefined;
  let notFound = 0;
  for (let step = 0; now() < endsAt; step++) {
    const { run, timeoutMs } = query();
    const result = await attemptCall(signal, () =>
      run({ signal, timeoutMs: Math.min(timeoutMs, endsAt - now()) }),
    );
    notFound = isNotFound(result) ? notFound + 1 : 0;
    if (!(result instanceof WxPayError)) {
      const shown = comparableOf(result);
      if (shown !== looks) emit(result);
      if (isFinal(result)) return;
      looks = shown;
      schedule = scheduleMs ?? otherScheduleMs?.(result) ?? schedule;
    } else if (!result.retryable && !(notFound > 0 && (looks !== undefined || notFound < MAX_NOT_FOUND))) {
      throw result;
    }
    const pauseMs = Math.max(schedule[step] ?? schedule.at(-1) ?? 0, askedPauseMs(result));
    await pause(Math.min(pauseMs, endsAt - now(), MAX_TIMEOUT_MS), signal);
  }
}

/**
 * Returns the delay that WeChat Pay requested, in milliseconds, at most the longest pause of the official schedules. It is
 * limited, because `Retry-After` is unsigned: a forged one could otherwise stop a watch for days.
 */
function askedPauseMs(result: unknown): number {
  if (!(result instanceof WxPayApiError)) return 0;
  const askedMs = result.retryAfterMs ?? (result.kind === 'rate-limited' ? RATE_LIMIT_PAUSE_MS : 0);
  return Math.min(askedMs, LONGEST_PAUSE_MS);
}
