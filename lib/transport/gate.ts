import type { Deadline } from './deadline.js';

/**
 * Lets a limited number of attempts of a merchant run at a time. The others wait here, before they are signed: a signature
 * ages, and a request that waits for a connection would use up the time that its host has to answer.
 */
export class Gate {
  #free: number;
  /** First come, first served. */
  readonly #waiting = new Set<() => void>();

  constructor(places: number) {
    this.#free = places;
  }

  /** Waits for a place; each one that was taken is to be given back with {@link leave}. */
  async enter(deadline: Deadline): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await deadline.step('waiting for its turn', (signal) => this.#turn(signal));
  }

  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free++;
    else next();
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const take = (): void => {
        this.#waiting.delete(take);
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => void this.#waiting.delete(take);
      this.#waiting.add(take);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}
