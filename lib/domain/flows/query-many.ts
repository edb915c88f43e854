import { isRateLimit } from '../../errors/rate-limit.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import { onAbort } from '../../signals/signal-followers.js';
import type { QueryManyOptions } from '../options.js';
import { checkOrderRef, type OrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import type { OrderApi } from '../ports/apis.js';
import { appClosed } from './app-closed.js';
import { attemptCall } from './attempt-call.js';
import { steadyClock, type Clock } from './clock.js';
import { pause } from './pause.js';

/** Outcome of one of many queries; `ref` is the object that the source gave. */
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
  const window = new QueryWindow(api, refs, concurrency);
  const unfollow = onAbort(signal, () => window.giveUp(signal?.reason));
  const stay = onAbort(appClosing, () => window.giveUp(appClosed('A query of many orders')));
  try {
    for (;;) {
      const outcome = await window.next();
      if (outcome === undefined) return;
      yield outcome;
    }
  } finally {
    unfollow();
    stay();
    await window.close();
  }
}

/** The queries under way and the outcomes not yet taken: `size` of them together at most. */
class QueryWindow {
  readonly #api: () => OrderApi;
  readonly #source: Source;
  readonly #size: number;
  readonly #ended = new AbortController();
  readonly #pace = new Pace(this.#ended.signal);
  readonly #outcomes: QueryOutcome[] = [];
  readonly #failures: unknown[] = [];
  #asking = 0;
  #isReading = false;
  #isExhausted = false;
  #wake = (): void => undefined;

  constructor(api: () => OrderApi, refs: Iterable<OrderRef> | AsyncIterable<OrderRef>, size: number) {
    this.#api = api;
    this.#source = Symbol.asyncIterator in refs ? refs[Symbol.asyncIterator]() : refs[Symbol.iterator]();
    this.#size = size;
  }

  /**
   * Waits for the next outcome; undefined after the last one.
   *
   * @throws the first failure that is no outcome: of the source, an abort or a defect
   */
  async next(): Promise<QueryOutcome | undefined> {
    for (;;) {
      if (this.#failures.length > 0) throw this.#failures[0];
      if (this.#isExhausted && this.#asking === 0 && this.#outcomes.length === 0) return undefined;
      const hasRoom = this.#asking + this.#outcomes.length < this.#size;
      if (!this.#isReading && !this.#isExhausted && hasRoom) void this.#read();
      const outcome = this.#outcomes.shift();
      if (outcome !== undefined) return outcome;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Ends the queries at once: a reader who is busy comes back late, or never. */
  giveUp(reason: unknown): void {
    this.#failures.unshift(reason);
    this.#ended.abort();
    this.#wake();
  }

  /** Ends the queries under way and closes the source, unless it has ended. */
  async close(): Promise<void> {
    this.#ended.abort();
    if (this.#isExhausted) return;
    const closing = close(this.#source);
    // Neither one that is still busy with the next reference is waited for, nor does one hide the failure.
    if (this.#isReading || this.#failures.length > 0) closing.catch(() => undefined);
    else await closing;
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    try {
      const next = await this.#source.next();
      if (next.done) this.#isExhausted = true;
      else void this.#ask(next.value);
    } catch (error) {
      this.#isExhausted = true;
      this.#failures.push(error);
    }
    this.#isReading = false;
    this.#wake();
  }

  async #ask(ref: OrderRef): Promise<void> {
    this.#asking++;
    try {
      this.#outcomes.push(await outcomeOf(this.#api, ref, this.#pace));
    } catch (error) {
      this.#failures.push(error);
    }
    this.#asking--;
    this.#wake();
  }
}

/** Asks once, and again while WeChat Pay limits the rate. */
async function outcomeOf(api: () => OrderApi, ref: OrderRef, pace: Pace): Promise<QueryOutcome> {
  let checked: OrderRef | undefined;
  for (let attempt = 1; ; attempt++) {
    const answer = await attemptCall(pace.signal, async () => {
      // Copied before anything is awaited: a cursor may use one object for all of its rows.
      checked ??= checkOrderRef(ref);
      await pace.wait();
      return api().query(checked, { signal: pace.signal });
    });
    if (!(answer instanceof WxPayError)) return { ref, order: answer };
    if (!isRateLimit(answer)) return { ref, error: answer };
    pace.slow(answer.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (attempt - 1));
    if (attempt === MAX_ATTEMPTS) return { ref, error: answer };
  }
}

/** Delays queries after a rate limit: one that is told to slow down slows all. */
class Pace {
  readonly signal: AbortSignal;
  readonly #clock: Clock;
  #resumesAt = 0;
  /** All wait together: the signal bears one listener, however many they are. */
  #pausing: Promise<void> | undefined;

  constructor(signal: AbortSignal, clock: Clock = steadyClock) {
    this.signal = signal;
    this.#clock = clock;
  }

  slow(ms: number): void {
    this.#resumesAt = Math.max(this.#resumesAt, this.#clock() + Math.min(ms, MAX_PAUSE_MS));
  }

  async wait(): Promise<void> {
    for (let ms; (ms = this.#resumesAt - this.#clock()) > 0;) {
      this.#pausing ??= pause(ms, this.signal).finally(() => (this.#pausing = undefined));
      await this.#pausing;
    }
    this.signal.throwIfAborted();
  }
}

/** Lets the source release what it holds. */
async function close(source: Source): Promise<void> {
  await source.return?.();
}
