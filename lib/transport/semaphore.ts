import type { Interrupt } from './deadline.js';

/** A call, or an attempt of it, that waits for a permit while its deadline keeps running. */
export interface Waiter {
  /**
   * Starts to wait.
   *
   * @param interrupt called with the reason if the wait has to end without a permit
   * @throws the reason, if the deadline of the waiter has already ended
   */
  wait(step: string, interrupt: Interrupt): void;
}

interface Entry {
  readonly permits: number;
  readonly admit: () => void;
}

/**
 * FIFO semaphore: lets a limited number of calls run at a time.
 *
 * Callers may pass different limits: each is admitted once fewer permits are taken than its own limit.
 */
export class Semaphore {
  readonly #step: string;
  #taken = 0;
  readonly #queue = new Set<Entry>();

  /** @param step name of the wait, for the message of a timeout */
  constructor(step: string) {
    this.#step = step;
  }

  /**
   * Runs `work` with a permit, and releases the permit.
   *
   * @param permits the limit that applies to this caller
   * @throws what `work` throws; the reason of the waiter, if its deadline ends before it has a permit
   */
  async run<T>(waiter: Waiter, permits: number, work: () => Promise<T>): Promise<T> {
    if (!this.tryAcquire(permits)) await this.#wait(waiter, permits);
    try {
      return await work();
    } finally {
      this.release();
    }
  }

  /** Takes a permit if one is free and no caller waits. Release each permit with {@link release}. */
  tryAcquire(permits: number): boolean {
    if (this.#queue.size > 0 || this.#taken >= permits) return false;
    this.#taken++;
    return true;
  }

  /** Waits in line for a permit and takes it; see {@link tryAcquire}. */
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
        // A caller that was admitted just before is no longer in the queue; it releases its permit as usual.
        if (this.#queue.delete(entry)) this.#admit();
        reject(reason);
      });
      this.#queue.add(entry);
    });
  }
}
