import { Observable } from 'rxjs';
import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import { onAbort } from '../../signals/signal-followers.js';
import type { WatchOptions } from '../options.js';
import { MAX_TIMEOUT_MS } from '../../rules/limits.js';
import { orderSubject, type OrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import type { OrderApi } from '../ports/apis.js';
import { appClosed } from './app-closed.js';
import { attemptCall, isNotFound } from './attempt-call.js';
import { isPaidAtCounter } from '../trade-state.js';
import { pause } from './pause.js';

/** Pauses: 5 s, 30 s, 1 min, 3 min, 5 min, 10 min, 30 min. @see https://pay.weixin.qq.com/doc/v3/merchant/4012075249 */
const SCHEDULE_MS: readonly number[] = [5_000, 30_000, 60_000, 180_000, 300_000, 600_000, 1_800_000];
/** Maximum pause that a `Retry-After` may request: the longest of the schedule. */
const LONGEST_PAUSE_MS = 1_800_000;
/** Pauses for a customer at the counter: 5 s for 30 s, then as for other orders. */
const CODE_PAY_SCHEDULE_MS: readonly number[] = [...Array<number>(6).fill(5_000), ...SCHEDULE_MS.slice(1)];
/** Pause after a rate limit that names no delay. */
const RATE_LIMIT_PAUSE_MS = 30_000;
/** Number of consecutive "not found" replies that end the watch of an order never seen. A new order may not be visible yet. */
const MAX_NOT_FOUND = 3;
const FINAL: readonly string[] = ['SUCCESS', 'REFUND', 'CLOSED', 'REVOKED'];

/** Clock and shutdown signal of the app, for work that may last as long as the app runs. */
export interface App {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborted when the app is closed. */
  readonly closing?: AbortSignal;
}

/**
 * Queries an order repeatedly until its state is final, and emits each change.
 *
 * @param api called for each query, because the keys of the merchant may be replaced during the watch
 */
export function watch(
  api: () => OrderApi,
  ref: OrderRef,
  options: WatchOptions,
  { now, closing }: App,
): Observable<Order> {
  return new Observable<Order>((subscriber) => {
    const { signal } = options;
    const ended = new AbortController();
    const unfollow = onAbort(signal, () => ended.abort(signal?.reason));
    const stay = onAbort(closing, () => ended.abort(appClosed(`The watch of ${orderSubject(ref)}`)));
    const changes: Changes = { signal: ended.signal, tell: (order) => subscriber.next(order) };
    follow(api, ref, options, changes, now).then(
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
interface Changes {
  readonly signal: AbortSignal;
  readonly tell: (order: Order) => void;
}

async function follow(
  api: () => OrderApi,
  ref: OrderRef,
  { scheduleMs, until }: WatchOptions,
  { signal, tell }: Changes,
  now: () => number,
): Promise<void> {
  const endsAt = until?.getTime() ?? Infinity;
  let last: Order | undefined;
  let isCodePay = false;
  let notFound = 0;
  for (let step = 0; now() < endsAt; step++) {
    const current = api();
    const timeoutMs = Math.min(current.terms.timeoutMs, endsAt - now());
    const answer = await attemptCall(signal, () => current.query(ref, { signal, timeoutMs }));
    notFound = isNotFound(answer) ? notFound + 1 : 0;
    if (!(answer instanceof WxPayError)) {
      if (looksOf(answer) !== looksOf(last)) tell(answer);
      if (FINAL.includes(answer.tradeState)) return;
      last = answer;
      isCodePay ||= showsCodePay(answer);
    } else if (!answer.retryable && !(notFound > 0 && (last !== undefined || notFound < MAX_NOT_FOUND))) {
      throw answer;
    }
    const schedule = scheduleMs ?? (isCodePay ? CODE_PAY_SCHEDULE_MS : SCHEDULE_MS);
    const pauseMs = Math.max(schedule[step] ?? schedule.at(-1) ?? 0, askedPauseMs(answer));
    await pause(Math.min(pauseMs, endsAt - now(), MAX_TIMEOUT_MS), signal);
  }
}

/** Serialises an order for comparison, without WeChat's description of the state and the raw reply. */
function looksOf(order: Order | undefined): string | undefined {
  return order && JSON.stringify({ ...order, tradeStateDesc: undefined, raw: undefined });
}

/** Tells whether a reply shows a 付款码 order. Not every reply does: APIv2 reports the type only of paid orders. */
function showsCodePay({ tradeType, tradeState }: Order): boolean {
  return isPaidAtCounter(tradeType) || tradeState === 'USERPAYING';
}

/**
 * Returns the delay that WeChat Pay requested, in milliseconds. It is limited, because `Retry-After` is unsigned: a forged one
 * could otherwise stop a watch for days.
 */
function askedPauseMs(answer: unknown): number {
  if (!(answer instanceof WxPayApiError)) return 0;
  const askedMs = answer.retryAfterMs ?? (answer.kind === 'rate-limited' ? RATE_LIMIT_PAUSE_MS : 0);
  return Math.min(askedMs, LONGEST_PAUSE_MS);
}
