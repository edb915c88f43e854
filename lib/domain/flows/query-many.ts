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

/** Outcome of one of many queries; `ref` is the object that the source yielded. */
export type QueryOutcome =
  | { readonly ref: OrderRef; readonly order: Order; readonly error?: never }
  | { readonly ref: OrderRef; readonly error: WxPayError; readonly order?: never };

type Source = Iterator<OrderRef> | AsyncIterator<OrderRef>;

const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

/** @throws {WxPayInputError} naming `refs` */
export function checkSource(refs: unknown): void {
  // A string is iterable, too, but contains no references.
  const isSource =
    typeof refs === 'object' && refs !== null && (Symbol.asyncIterator in refs || Symbol.iterator in refs);
  if (!isSource) throw new WxPayInputError('refs', 'must be iterable: an array, a generator or a cursor.');
}

/**
 * Queries many orders, several at a time, and yields each outcome as soon as it is known.
 *
 * It reads a reference from the source only when there is room for its outcome. Memory therefore does not grow with the
 * number of references, and a slow consumer slows the queries.
 */
export async function* queryMany(
  api: () => OrderApi,
  refs: Iterable<OrderRef> | AsyncIterable<OrderRef>,
  { concurrency = 8, signal }: QueryManyOptions,
  appClosing?: AbortSignal,
): AsyncGenerator<QueryOutcome, void, undefined> {
  signal?.throwIfAborted();
  const window = new QueryWindow(api, refs, concurrency);
  const unfollow = onAbort(signal, () => window.abort(signal?.reason));
  const stay = onAbort(appClosing, () => window.abort(appClosed('A query of many orders')));
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

/** Queries under way and outcomes that the consumer has not taken yet, at most `size` together. */
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
   * Waits for the next outcome.
   *
   * @returns undefined after the last outcome
   * @throws the first failure that is not the outcome of a query: an error of the source, an abort or a defect
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

  /** Ends the queries immediately, because a busy consumer may take the next outcome late, or never. */
  abort(reason: unknown): void {
    this.#failures.unshift(reason);
    this.#ended.abort();
    this.#wake();
  }

  /** Ends the queries under way and closes the source, unless it has ended. */
  async close(): Promise<void> {
    this.#ended.abort();
    if (this.#isExhausted) return;
    const closing = close(this.#source);
    // Do not wait for a source that is still reading the next reference, and do not let its error replace the first failure.
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

/** Queries one order, and again while WeChat Pay limits the rate. */
async function outcomeOf(api: () => OrderApi, ref: OrderRef, pace: Pace): Promise<QueryOutcome> {
  let checked: OrderRef | undefined;
  for (let attempt = 1; ; attempt++) {
    const result = await attemptCall(pace.signal, async () => {
      // Copied before the first await, because a cursor may reuse one object for all of its rows.
      checked ??= checkOrderRef(ref);
      await pace.wait();
      return api().query(checked, { signal: pace.signal });
    });
    if (!(result instanceof WxPayError)) return { ref, order: result };
    if (!isRateLimit(result)) return { ref, error: result };
    pace.slow(result.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (attempt - 1));
    if (attempt === MAX_ATTEMPTS) return { ref, error: result };
  }
}

/** Delay that all queries share after WeChat Pay limits the rate of one of them. */
class Pace {
  readonly signal: AbortSignal;
  readonly #clock: Clock;
  #resumesAt = 0;
  /** Pause that all queries share, so that the signal has one listener for any number of them. */
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

/** Closes the source, so that it can release its resources. */
async function close(source: Source): Promise<void> {
  await source.return?.();
}
