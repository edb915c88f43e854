import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import { onAbort } from '../../signals/signal-followers.js';
import { appClosed } from './app-closed.js';
import type { QueryManyOptions } from '../options.js';
import { checkOrderRef, type OrderRef } from '../order-ref.js';
import type { OrderApi } from '../ports/apis.js';
import type { Order } from '../order.js';
import { pause } from './pause.js';

/** What became of one of many queries; `ref` is the object that the source gave. */
export type QueryOutcome =
  | { readonly ref: OrderRef; readonly order: Order; readonly error?: never }
  | { readonly ref: OrderRef; readonly error: WxPayError; readonly order?: never };

type Source = Iterator<OrderRef> | AsyncIterator<OrderRef>;

const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

/** @throws {WxPayInputError} naming `refs` */
export function checkSource(refs: unknown): void {
  // A text is iterable, too, but holds no references.
  const isSource =
    typeof refs === 'object' && refs !== null && (Symbol.asyncIterator in refs || Symbol.iterator in refs);
  if (!isSource) throw new WxPayInputError('refs', 'must be iterable: an array, a generator or a cursor.');
}

/**
 * Queries many orders, some at a time, and yields each outcome as it comes.
 *
 * A reference is taken only when there is room for its outcome, so that memory does not grow with their number, and a
 * slow reader slows the queries.
 */
export async function* queryMany(
  api: () => OrderApi,
  refs: Iterable<OrderRef> | AsyncIterable<OrderRef>,
  { concurrency = 8, signal }: QueryManyOptions,
  appClosing?: AbortSignal,
): AsyncGenerator<QueryOutcome, void, undefined> {
  signal?.throwIfAborted();
  const source: Source =
    Symbol.asyncIterator in refs ? refs[Symbol.asyncIterator]() : refs[Symbol.iterator]();
  const ended = new AbortController();
  const pace = new Pace(ended.signal);
  const outcomes: QueryOutcome[] = [];
  const failures: unknown[] = [];
  let asking = 0;
  let reading = false;
  let exhausted = false;
  let wake = (): void => undefined;

  async function read(): Promise<void> {
    reading = true;
    try {
      const next = await source.next();
      if (next.done) exhausted = true;
      else void ask(next.value);
    } catch (error) {
      exhausted = true;
      failures.push(error);
    }
    reading = false;
    wake();
  }

  async function ask(ref: OrderRef): Promise<void> {
    asking++;
    try {
      outcomes.push(await outcomeOf(api, ref, pace));
    } catch (error) {
      failures.push(error);
    }
    asking--;
    wake();
  }

  const giveUp = (reason: unknown): void => {
    failures.unshift(reason);
    // Here too: a reader who is busy comes back to it late, or never.
    ended.abort();
    wake();
  };
  const unfollow = onAbort(signal, () => giveUp(signal?.reason));
  const stay = onAbort(appClosing, () => giveUp(appClosed('A query of many orders')));
  try {
    for (;;) {
      if (failures.length > 0) throw failures[0];
      if (exhausted && asking === 0 && outcomes.length === 0) return;
      if (!reading && !exhausted && asking + outcomes.length < concurrency) void read();
      const outcome = outcomes.shift();
      if (outcome !== undefined) yield outcome;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    unfollow();
    stay();
    ended.abort();
    if (!exhausted) {
      const closing = close(source);
      // Neither one that is still busy with the next reference is waited for, nor does one hide the failure.
      if (reading || failures.length > 0) closing.catch(() => undefined);
      else await closing;
    }
  }
}

/** Asks once, and again while WeChat Pay limits the rate. */
async function outcomeOf(api: () => OrderApi, ref: OrderRef, pace: Pace): Promise<QueryOutcome> {
  let asked: OrderRef | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      // Copied before anything is awaited: a cursor may use one object for all of its rows.
      asked ??= checkOrderRef(ref);
      await pace.wait();
      return { ref, order: await api().query(asked, { signal: pace.signal }) };
    } catch (error) {
      pace.signal.throwIfAborted();
      if (!(error instanceof WxPayError)) throw error;
      if (!isRateLimited(error)) return { ref, error };
      pace.slow(error.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (attempt - 1));
      if (attempt === MAX_ATTEMPTS) return { ref, error };
    }
  }
}

/** When the next query may leave: one that is told to slow down slows all. */
class Pace {
  readonly signal: AbortSignal;
  #resumesAt = 0;
  /** All wait together: the signal bears one listener, however many they are. */
  #pausing: Promise<void> | undefined;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  slow(ms: number): void {
    this.#resumesAt = Math.max(this.#resumesAt, performance.now() + Math.min(ms, MAX_PAUSE_MS));
  }

  async wait(): Promise<void> {
    for (let ms; (ms = this.#resumesAt - performance.now()) > 0;) {
      this.#pausing ??= pause(ms, this.signal).finally(() => (this.#pausing = undefined));
      await this.#pausing;
    }
    this.signal.throwIfAborted();
  }
}

function isRateLimited(error: WxPayError): error is WxPayApiError {
  // RULE_LIMIT restricts the merchant or the order, not the moment.
  return error instanceof WxPayApiError && error.kind === 'rate-limited' && error.code !== 'RULE_LIMIT';
}

/** Lets the source release what it holds. */
async function close(source: Source): Promise<void> {
  await source.return?.();
}
