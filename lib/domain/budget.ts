import type { CallOptions } from './call-options.js';

/** The time that a flow of several calls has in all. */
export class Budget {
  readonly #signal: AbortSignal | undefined;
  readonly #endsAt: number;

  constructor(timeoutMs: number, signal?: AbortSignal) {
    this.#signal = signal;
    this.#endsAt = performance.now() + timeoutMs;
  }

  get remainingMs(): number {
    return this.#endsAt - performance.now();
  }

  /** The options of the next call: it may take all the time that is left. */
  get callOptions(): CallOptions {
    return { signal: this.#signal, timeoutMs: Math.max(1, this.remainingMs) };
  }

  /**
   * Waits, if the time allows it.
   *
   * @returns false, at once, if the time does not allow it
   * @throws the signal's reason when the caller gives up
   */
  async pause(ms: number): Promise<boolean> {
    this.#signal?.throwIfAborted();
    if (ms >= this.remainingMs) return false;
    await new Promise<void>((resolve, reject) => {
      const giveUp = (): void => {
        clearTimeout(timer);
        reject(this.#signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        this.#signal?.removeEventListener('abort', giveUp);
        resolve();
      }, ms);
      this.#signal?.addEventListener('abort', giveUp, { once: true });
    });
    return true;
  }
}
