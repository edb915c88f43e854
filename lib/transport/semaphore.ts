import type { Interrupt } from './deadline.js';

/** Waits for a permit while its time goes on: a call, or an attempt of it. */
export interface Waiter {
  /**
   * Begins to wait.
   *
   * @param interrupt called with the reason if the wait has to end without a permit
   * @throws the reason, if the time of the waiter has ended already
   */
  wait(step: string, interrupt: Interrupt): void;
}

interface Entry {
  readonly permits: number;
  readonly admit: () => void;
}

/**
 * Lets a limited number of calls run at a time; the others wait in line, first come, first served.
 *
 * Callers may pass different limits: each is admitted once fewer permits are taken than its own limit.
 */
export class Semaphore {
  readonly #step: string;
  #taken = 0;
  readonly #queue = new Set<Entry>();

  /** @param step the name of the wait in the message of a timeout */
  constructor(step: string) {
    this.#step = step;
  }

  /**
   * Runs `work` with a permit, and gives the permit back.
   *
   * @param permits the limit as this caller sees it
   * @throws what `work` throws; the reason of the waiter, if its time ends before it has a permit
   */
  async run<T>(waiter: Waiter, permits: number, work: () => Promise<T>): Promise<T> {
    if (!this.tryAcquire(permits)) await this.#wait(waiter, permits);
    try {
      return await work();
    } finally {
      this.release();
    }
  }

  /** Takes a permit if one is free and no caller waits. Each permit has to be given back with {@link release}. */
  tryAcquire(permits: number): boolean {
    if (this.#queue.size > 0 || this.#taken >= permits) return false;
    this.#taken++;
    return true;
  }

  /** Takes a permit as soon as it is this caller's turn; see {@link tryAcquire}. */
  async acquire(waiter: Waiter, permits: number): Promise<void> {
    if (!this.tryAcquire(permits)) await this.#wait(waiter, permits);
  }

  release(): void {
    this.#taken--;
    this.#admit();
  }

  #admit(): void {
    for (const next of this.#queue) {
      if (this.#taken >= next.permits) return;
      this.#queue.delete(next);
      this.#taken++;
      next.admit();
    }
  }

  #wait(waiter: Waiter, permits: number): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const entry: Entry = { permits, admit: resolve };
      waiter.wait(this.#step, (reason) => {
        // It may have been admitted just before, and then leaves like any other.
        if (this.#queue.delete(entry)) this.#admit();
        reject(reason);
      });
      this.#queue.add(entry);
    });
  }
}
