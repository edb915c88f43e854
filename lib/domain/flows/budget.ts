import type { CallOptions } from '../options.js';
import { steadyClock, type Clock } from './clock.js';
import { pause } from './pause.js';

/** Total time of a flow of several calls. */
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

  /** Options of the next call, which may take all of the remaining time. */
  get callOptions(): CallOptions {
    return this.share(1);
  }

  /** Returns the options of a call that may take `part` of the remaining time, for example 0.5. */
  share(part: number): CallOptions {
    return { signal: this.signal, timeoutMs: Math.max(1, this.remainingMs * part) };
  }

  /**
   * Waits for `ms` milliseconds if the remaining time is longer.
   *
   * @returns false, without waiting, if it is not
   * @throws `signal.reason` if the caller aborts
   */
  async pause(ms: number): Promise<boolean> {
    this.signal?.throwIfAborted();
    if (ms >= this.remainingMs) return false;
    await pause(ms, this.signal);
    return true;
  }
}
