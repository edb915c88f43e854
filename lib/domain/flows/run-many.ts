import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import { onAbort } from '../../signals/signal-followers.js';
import type { QueryManyOptions } from '../options.js';
import { appClosed } from './app-closed.js';
import { Slots, type Slot } from './slots.js';

/** Work on many items, several at a time. */
export interface ManyWork<Item, Outcome> {
  /** Subject of the error that ends the work when the app is closed, such as `A query of many orders`. */
  readonly what: string;
  /**
   * Works on one item. It may give up the slot of the item while it waits. A rejection ends the iteration.
   *
   * @param signal aborted when the iteration ends
   */
  readonly run: (item: Item, signal: AbortSignal, slot: Slot) => Promise<Outcome>;
  /** Aborted when the app is closed. */
  readonly closing?: AbortSignal | undefined;
}

type Source<Item> = Iterator<Item> | AsyncIterator<Item>;

/** Maximum number of items that wait without a slot. Beyond it, no item is read, so that memory stays bounded. */
const MAX_WAITING = 1_000;

/** @throws {WxPayInputError} naming `field` */
export function checkSource(items: unknown, field: string): void {
  // A string is iterable, too, but contains no references.
  const isSource =
    typeof items === 'object' &&
    items !== null &&
    (Symbol.asyncIterator in items || Symbol.iterator in items);
  if (!isSource) throw new WxPayInputError(field, 'must be iterable: an array, a generator or a cursor.');
}

/**
 * Works on many items, several at a time, and yields each outcome as soon as it is known.
 *
 * It reads an item from the source only when there is room for its outcome. Memory therefore does not grow with the number of
 * items, and a slow consumer slows the work. An item that gives up its slot makes room for another one, unless a thousand items wait.
 *
 * @throws the source's error, `signal.reason` if the caller aborts, and the rejection of the work
 */
export async function* runMany<Item, Outcome>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: ManyWork<Item, Outcome>,
  { concurrency = 8, signal }: QueryManyOptions,
): AsyncGenerator<Outcome, void, undefined> {
  signal?.throwIfAborted();
  const window = new Window(items, work, concurrency);
  const unfollow = onAbort(signal, () => window.abort(signal?.reason));
  const stay = onAbort(work.closing, () => window.abort(appClosed(work.what)));
  try {
    for (;;) {
      const next = await window.next();
      if (next === undefined) return;
      yield next.outcome;
    }
  } finally {
    unfollow();
    stay();
    await window.close();
  }
}

/** An outcome with the slot of its item, which the consumer frees by taking the outcome. */
interface Finished<Outcome> {
  readonly outcome: Outcome;
  readonly slot: Slot;
}

/**
 * Items under way and outcomes that the consumer has not taken yet. At most `size` of them have a slot; up to {@link MAX_WAITING} more
 * wait without one.
 */
class Window<Item, Outcome> {
  readonly #source: Source<Item>;
  readonly #work: ManyWork<Item, Outcome>;
  readonly #size: number;
  readonly #slots: Slots;
  readonly #ended = new AbortController();
  readonly #outcomes: Finished<Outcome>[] = [];
  readonly #failures: unknown[] = [];
  #underWay = 0;
  #isReading = false;
  #isExhausted = false;
  #wake = (): void => undefined;

  constructor(items: Iterable<Item> | AsyncIterable<Item>, work: ManyWork<Item, Outcome>, size: number) {
    this.#source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    this.#work = work;
    this.#size = size;
    this.#slots = new Slots(size, () => this.#wake());
  }

  /**
   * Waits for the next outcome.
   *
   * @returns undefined after the last outcome
   * @throws the first failure that is not the outcome of an item: an error of the source, an abort or a defect
   */
  async next(): Promise<Finished<Outcome> | undefined> {
    for (;;) {
      if (this.#failures.length > 0) throw this.#failures[0];
      if (this.#isExhausted && this.#underWay === 0 && this.#outcomes.length === 0) return undefined;
      if (!this.#isReading && !this.#isExhausted && this.#hasRoom()) void this.#read();
      const finished = this.#outcomes.shift();
      if (finished !== undefined) {
        finished.slot.giveUp();
        return finished;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Ends the work immediately, because a busy consumer may take the next outcome late, or never. */
  abort(reason: unknown): void {
    this.#failures.unshift(reason);
    this.#ended.abort();
    this.#wake();
  }

  /** Ends the work under way and closes the source, unless it has ended. */
  async close(): Promise<void> {
    this.#ended.abort();
    if (this.#isExhausted) return;
    const closing = close(this.#source);
    // Do not wait for a source that is still reading the next item, and do not let its error replace the first failure.
    if (this.#isReading || this.#failures.length > 0) closing.catch(() => undefined);
    else await closing;
  }

  #hasRoom(): boolean {
    return this.#slots.hasFree && this.#underWay + this.#outcomes.length < this.#size + MAX_WAITING;
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    try {
      const next = await this.#source.next();
      if (next.done) this.#isExhausted = true;
      else void this.#run(next.value);
    } catch (error) {
      this.#isExhausted = true;
      this.#failures.push(error);
    }
    this.#isReading = false;
    this.#wake();
  }

  async #run(item: Item): Promise<void> {
    this.#underWay++;
    const slot = this.#slots.slotOfNext();
    try {
      this.#outcomes.push({ outcome: await this.#work.run(item, this.#ended.signal, slot), slot });
    } catch (error) {
      this.#failures.push(error);
    }
    this.#underWay--;
    this.#wake();
  }
}

/** Closes the source, so that it can release its resources. */
async function close(source: Source<unknown>): Promise<void> {
  await source.return?.();
}
