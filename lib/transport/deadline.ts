import { performance } from 'node:perf_hooks';
import { follow, unfollow } from '../signals/signal-followers.js';

/** Name of the network step. Only this step counts against the host: signing and verifying run in this process. */
export const SENDING = 'sending';

/** The reason of a {@link Deadline} that ended by itself. */
class DeadlineExpired extends Error {}

/** Ends a wait early, with the reason. */
export type Interrupt = (reason: unknown) => void;

/**
 * The deadline of one call: a single timer for all of its steps, which follow one another.
 *
 * It ends when the time is up or the caller aborts, whichever comes first, and then interrupts the current step.
 */
export class Deadline {
  readonly timeoutMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #parent: AbortSignal | undefined;
  readonly #endsAt: number;
  /** Set once the time is up or the caller has aborted. */
  #end: { readonly reason: unknown } | undefined;
  #interrupt: Interrupt | undefined;
  /** The current step, and its start. */
  #step: string | undefined;
  #stepStart = 0;
  /** Milliseconds by step, without the current one. */
  readonly #spent: Record<string, number> = {};
  #onStop: (() => void) | undefined;

  /** @param parent the signal of the caller */
  constructor(timeoutMs: number, parent?: AbortSignal) {
    this.timeoutMs = timeoutMs;
    this.#endsAt = performance.now() + timeoutMs;
    this.#timer = setTimeout(Deadline.#expire, timeoutMs, this);
    this.#parent = parent;
    if (parent?.aborted) this.#followParent();
    else if (parent !== undefined) follow(parent, this.#followParent);
  }

  /** Set once it has ended: `signal.reason` of the caller, or an error of its own. */
  get end(): { readonly reason: unknown } | undefined {
    return this.#end;
  }

  /** True once the time is up. */
  get expired(): boolean {
    return this.#end?.reason instanceof DeadlineExpired;
  }

  /** True if the caller aborted before the time was up. */
  get aborted(): boolean {
    return this.#end !== undefined && !this.expired;
  }

  /** The step that took the most time so far. */
  get slowestStep(): string | undefined {
    this.#account();
    return Object.entries(this.#spent).toSorted(([, a], [, b]) => b - a)[0]?.[0];
  }

  /**
   * Begins a step; the one before ends with it.
   *
   * @throws the reason of the end, once there is one
   */
  enter(step: string): void {
    if (this.#end !== undefined) throw this.#end.reason;
    this.#account();
    this.#step = step;
  }

  /** Sets the function to call when it ends, in place of the one before; calls it at once if it has ended already. */
  onEnd(interrupt: Interrupt): void {
    if (this.#end === undefined) this.#interrupt = interrupt;
    else interrupt(this.#end.reason);
  }

  /** Begins a step that waits; see {@link enter} and {@link onEnd}. */
  wait(step: string, interrupt: Interrupt): void {
    this.enter(step);
    this.#interrupt = interrupt;
  }

  /**
   * Waits, if the time allows it.
   *
   * @returns false, at once, if the time does not allow it
   * @throws the reason of the end, as soon as there is one
   */
  async pause(ms: number): Promise<boolean> {
    if (this.#end !== undefined) throw this.#end.reason;
    if (ms >= this.#endsAt - performance.now()) return false;
    if (ms <= 0) return true;
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.wait('waiting', reject);
        timer = setTimeout(resolve, ms);
      });
      return true;
    } finally {
      clearTimeout(timer);
      this.#interrupt = undefined;
    }
  }

  /** Stops the timer. Every call does so when it ends. */
  stop(): void {
    clearTimeout(this.#timer);
    if (this.#parent !== undefined) unfollow(this.#parent, this.#followParent);
    // A call that waited long is in the old generation of the heap: without this, what it refers to would be freed late.
    this.#interrupt = undefined;
    this.#onStop?.();
  }

  /** Resolves when {@link stop} is called. */
  stopped(): Promise<void> {
    return new Promise((resolve) => {
      const earlier = this.#onStop;
      this.#onStop = () => {
        earlier?.();
        resolve();
      };
    });
  }

  #account(): void {
    const now = performance.now();
    if (this.#step !== undefined) {
      this.#spent[this.#step] = (this.#spent[this.#step] ?? 0) + now - this.#stepStart;
    }
    this.#stepStart = now;
  }

  /** One function for all timers: a closure for each of thousands of waiting calls would take memory. */
  static #expire(this: void, deadline: Deadline): void {
    deadline.#endWith(new DeadlineExpired());
  }

  #endWith(reason: unknown): void {
    // Only the first end counts: a listener of the caller's signal may cause a second one.
    if (this.#end !== undefined) return;
    this.#account();
    this.#step = undefined;
    this.#end = { reason };
    const interrupt = this.#interrupt;
    this.#interrupt = undefined;
    interrupt?.(reason);
  }

  readonly #followParent = (): void => this.#endWith(this.#parent?.reason);
}
