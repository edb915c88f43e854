import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** Why a {@link Deadline} ended by itself. */
class DeadlineExpired extends Error {}

/**
 * The time that a call has: one timer and one signal for all of its steps.
 *
 * Each step races against the signal, so that a step which ignores it, a remote signer for example, cannot hold the call.
 */
export class Deadline {
  readonly timeoutMs: number;
  readonly #controller = new AbortController();
  readonly #aborted: Promise<never>;
  readonly #timer: NodeJS.Timeout;
  readonly #parent: AbortSignal | undefined;
  readonly #spent = new Map<string, number>();
  readonly #endsAt: number;

  constructor(timeoutMs: number, parent?: AbortSignal) {
    this.timeoutMs = timeoutMs;
    this.#endsAt = performance.now() + timeoutMs;
    this.#aborted = new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason as Error), { once: true });
    });
    // It rejects after the call has ended, too, when nobody waits for it any more.
    this.#aborted.catch(() => undefined);
    this.#timer = setTimeout(() => this.#controller.abort(new DeadlineExpired()), timeoutMs);
    this.#parent = parent;
    if (parent?.aborted) this.#followParent();
    else parent?.addEventListener('abort', this.#followParent, { once: true });
  }

  /** Aborted when the time is up or the caller gives up. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the time is up, as opposed to a caller who gave up. */
  get expired(): boolean {
    return this.signal.reason instanceof DeadlineExpired;
  }

  /** The step that took the most time so far. */
  get slowestStep(): string | undefined {
    return [...this.#spent].toSorted(([, a], [, b]) => b - a)[0]?.[0];
  }

  /**
   * Runs one step of the call.
   *
   * @throws the signal's reason as soon as it is aborted, whatever the step does
   */
  async step<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    const startedAt = performance.now();
    try {
      return await Promise.race([work(this.signal), this.#aborted]);
    } finally {
      this.#spent.set(name, (this.#spent.get(name) ?? 0) + performance.now() - startedAt);
    }
  }

  /**
   * Waits, if the time allows it.
   *
   * @returns false, at once, if the time does not allow it
   * @throws the signal's reason as soon as it is aborted
   */
  async pause(ms: number): Promise<boolean> {
    this.signal.throwIfAborted();
    if (ms >= this.#endsAt - performance.now()) return false;
    if (ms > 0) await this.step('waiting', (signal) => delay(ms, undefined, { signal }));
    return true;
  }

  /** Stops the timer; to be called when the call has ended, however it ended. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#parent?.removeEventListener('abort', this.#followParent);
  }

  readonly #followParent = (): void => this.#controller.abort(this.#parent?.reason);
}
