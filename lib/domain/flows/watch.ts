import { Observable } from 'rxjs';
import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import { onAbort } from '../../signals/signal-followers.js';
import { appClosed } from './app-closed.js';
import { MAX_TIMEOUT_MS, type WatchOptions } from '../options.js';
import { orderSubject, type OrderRef } from '../order-ref.js';
import type { OrderApi } from '../ports/apis.js';
import type { Order } from '../order.js';
import { pause } from './pause.js';

/** 5 s, 30 s, 1 min, 3 min, 5 min, 10 min, 30 min. @see https://pay.weixin.qq.com/doc/v3/merchant/4012075249 */
const SCHEDULE_MS: readonly number[] = [5_000, 30_000, 60_000, 180_000, 300_000, 600_000, 1_800_000];
/** What a `Retry-After` may ask for: the longest pause of the schedule. */
const LONGEST_PAUSE_MS = 1_800_000;
/** A customer at the till: every 5 s for 30 s, then as for other orders. */
const CODE_PAY_SCHEDULE_MS: readonly number[] = [...Array<number>(6).fill(5_000), ...SCHEDULE_MS.slice(1)];
/** What WeChat Pay is spared if it limits the rate without saying for how long. */
const RATE_LIMIT_PAUSE_MS = 30_000;
/** How often in a row an order that was never seen may be unknown: one placed a moment ago may need another try. */
const MAX_NOT_FOUND = 3;
const FINAL: readonly string[] = ['SUCCESS', 'REFUND', 'CLOSED', 'REVOKED'];

/** What the app gives to work that may last as long as it does. */
export interface App {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborted when the app is closed. */
  readonly closing?: AbortSignal;
}

/**
 * Asks for an order again and again until it has ended, and tells each change.
 *
 * @param api looked up for each query: a watch may outlive the keys that it began with
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

/** Where a watch tells what it saw, and who ends it. */
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
    const answer = await ask(api(), ref, signal, endsAt - now());
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

/** The order, or how the query failed; the end of the watch and defects pass. */
async function ask(
  api: OrderApi,
  ref: OrderRef,
  signal: AbortSignal,
  leftMs: number,
): Promise<Order | WxPayError> {
  try {
    signal.throwIfAborted();
    return await api.query(ref, { signal, timeoutMs: Math.min(api.terms.timeoutMs, leftMs) });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof WxPayError) return error;
    throw error;
  }
}

/** All that an order tells but WeChat's own words and the reply as received. */
function looksOf(order: Order | undefined): string | undefined {
  return order && JSON.stringify({ ...order, tradeStateDesc: undefined, raw: undefined });
}

/** Not each answer does: APIv2 does not tell the type of an order before it is paid. */
function showsCodePay({ tradeType, tradeState }: Order): boolean {
  return tradeType === 'MICROPAY' || tradeState === 'USERPAYING';
}

function isNotFound(answer: unknown): boolean {
  return answer instanceof WxPayApiError && answer.kind === 'order-not-found';
}

/** How long WeChat Pay wants to be left alone. A word that anything on the way can say does not silence a watch for days. */
function askedPauseMs(answer: unknown): number {
  if (!(answer instanceof WxPayApiError)) return 0;
  const askedMs = answer.retryAfterMs ?? (answer.kind === 'rate-limited' ? RATE_LIMIT_PAUSE_MS : 0);
  return Math.min(askedMs, LONGEST_PAUSE_MS);
}
