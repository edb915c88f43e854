import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { follow, unfollow } from '../signals/signal-followers.js';

/** Why a {@link Deadline} ended by itself. */
class DeadlineExpired extends Error {}

/**
 * The time that a call has: one timer and one signal for all of its steps.
 *
 * Steps follow one another. Each ends when the time does, so that one which ignores the signal, a remote signer for example,
 * cannot hold the call.
 */
export class Deadline {
  readonly timeoutMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #parent: AbortSignal | undefined;
  /** In milliseconds, by step. */
  readonly #spent: Record<string, number> = {};
  readonly #endsAt: number;
  /** Made when a step asks for the signal: thousands of calls may wait in line without one. */
  #controller: AbortController | undefined;
  /** Set once the time is up or the caller gave up. */
  #end: { readonly reason: unknown } | undefined;
  /** The time that one step has of it. */
  #part: Deadline | undefined;
  /** Ends the step that is under way. */
  #interrupt: ((reason: unknown) => void) | undefined;

  constructor(timeoutMs: number, parent?: AbortSignal) {
    this.timeoutMs = timeoutMs;
    this.#endsAt = performance.now() + timeoutMs;
    this.#timer = setTimeout(() => this.#endWith(new DeadlineExpired()), timeoutMs);
    this.#parent = parent;
    if (parent?.aborted) this.#followParent();
    else if (parent !== undefined) follow(parent, this.#followParent);
  }

  /** Aborted when the time is up or the caller gives up. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#end !== undefined) this.#controller.abort(this.#end.reason);
    }
    return this.#controller.signal;
  }

  /** Whether the time is up, as opposed to a caller who gave up. */
  get expired(): boolean {
    return this.#end?.reason instanceof DeadlineExpired;
  }

  /** Whether the caller gave up, as opposed to a time that is up. */
  get abandoned(): boolean {
    return this.#end !== undefined && !this.expired;
  }

  /** The step that took the most time so far. */
  get slowestStep(): string | undefined {
    return Object.entries(this.#spent).toSorted(([, a], [, b]) => b - a)[0]?.[0];
  }

  /**
   * Runs one step of the call.
   *
   * @throws the signal's reason as soon as it is aborted, whatever the step does
   */
  step<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.wait(name, () => work(this.signal));
  }

  /**
   * Waits for something that is not told when to stop.
   *
   * @throws the signal's reason as soon as it is aborted
   */
  wait<T>(name: string, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#end !== undefined) throw this.#end.reason;
      const end = this.begin(name, reject);
      const settle =
        <V>(how: (value: V) => void) =>
        (value: V): void => {
          end();
          how(value);
        };
      work().then(settle(resolve), settle(reject));
    });
  }

  /**
   * Begins a step, for those of which thousands may be under way: a promise for each would take memory.
   *
   * @param interrupt told the signal's reason if it is aborted before the step ends
   * @returns what ends the step
   */
  begin(name: string, interrupt: (reason: unknown) => void): () => void {
    const startedAt = performance.now();
    const end = (): void => {
      if (this.#interrupt !== stop) return;
      this.#letGo();
      this.#spent[name] = (this.#spent[name] ?? 0) + performance.now() - startedAt;
    };
    const stop = (reason: unknown): void => {
      end();
      interrupt(reason);
    };
    if (this.#end === undefined) this.#interrupt = stop;
    else interrupt(this.#end.reason);
    return end;
  }

  /**
   * Waits, if the time allows it.
   *
   * @returns false, at once, if the time does not allow it
   * @throws the signal's reason as soon as it is aborted
   */
  async pause(ms: number): Promise<boolean> {
    if (this.#end !== undefined) throw this.#end.reason;
    if (ms >= this.#endsAt - performance.now()) return false;
    if (ms > 0) await this.step('waiting', (signal) => delay(ms, undefined, { signal }));
    return true;
  }

  /** Less time, for the step that is under way; it ends with the whole at the latest. */
  part(timeoutMs: number): Deadline {
    this.#part = new Deadline(timeoutMs);
    return this.#part;
  }

  /** Gives all the time that the whole has to the step that is under way. */
  stopTimer(): void {
    clearTimeout(this.#timer);
  }

  /** Stops the timer; to be called when the call has ended, however it ended. */
  stop(): void {
    clearTimeout(this.#timer);
    if (this.#parent !== undefined) unfollow(this.#parent, this.#followParent);
    this.#letGo();
    this.#controller = undefined;
  }

  /**
   * Forgets the step that has ended. A call that waited long is old for the garbage collector: what it still refers to would
   * stay in memory, request and reply included, until all of it is looked through.
   */
  #letGo(): void {
    this.#interrupt = undefined;
    this.#part = undefined;
  }

  #endWith(reason: unknown): void {
    // A listener of the signal may end the caller's own.
    if (this.#end !== undefined) return;
    this.#end = { reason };
    this.#controller?.abort(reason);
    if (this.#part !== undefined) this.#part.#endWith(reason);
    this.#interrupt?.(reason);
  }

  readonly #followParent = (): void => this.#endWith(this.#parent?.reason);
}
