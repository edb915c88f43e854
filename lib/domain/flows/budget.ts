import type { CallOptions } from '../options.js';
import { steadyClock, type Clock } from './clock.js';
import { pause } from './pause.js';

/** The time that a flow of several calls has in all. */
export class Budget {
  readonly signal: AbortSignal | undefined;
  readonly #clock: Clock;
  readonly #endsAt: number;

  constructor(timeoutMs: number, signal?: AbortSignal, clock: Clock = steadyClock) {
    this.signal = signal;
    this.#clock = clock;
    this.#endsAt = clock() + timeoutMs;
  }

  get remainingMs(): number {
    return this.#endsAt - this.#clock();
  }

  /** The options of the next call: it may take all the time that is left. */
  get callOptions(): CallOptions {
    return this.share(1);
  }

  /** The options of a call that leaves time for those after it. */
  share(part: number): CallOptions {
    return { signal: this.signal, timeoutMs: Math.max(1, this.remainingMs * part) };
  }

  /**
   * Waits, if the time allows it.
   *
   * @returns false, at once, if the time does not allow it
   * @throws the signal's reason when the caller gives up
   */
  async pause(ms: number): Promise<boolean> {
    this.signal?.throwIfAborted();
    if (ms >= this.remainingMs) return false;
    await pause(ms, this.signal);
    return true;
  }
}
