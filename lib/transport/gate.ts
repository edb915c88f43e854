/** Whoever wants to pass: a call or an attempt, whose time goes on while it waits. */
export interface Passer {
  /** @returns what ends the wait; `interrupt` is told why, should it have to end before */
  begin(name: string, interrupt: (reason: unknown) => void): () => void;
}

interface Waiting {
  readonly places: number;
  readonly enter: () => void;
}

/**
 * Lets so many in at a time; the others wait in line, first come, first served. Those who share a gate may see it differently
 * wide: each enters as soon as fewer are inside than it finds room for.
 */
export class Gate {
  readonly #step: string;
  #inside = 0;
  readonly #waiting = new Set<Waiting>();

  /** @param step how the message of a timeout names the wait */
  constructor(step: string) {
    this.#step = step;
  }

  /**
   * Waits for a place; each one that was taken is to be given back with {@link leave}.
   *
   * @throws the reason of the passer's signal, which also ends its wait
   */
  enter(passer: Passer, places: number): Promise<void> {
    if (this.#waiting.size > 0 || this.#inside >= places) return this.#queue(passer, places);
    this.#inside++;
    return Promise.resolve();
  }

  leave(): void {
    this.#inside--;
    this.#admit();
  }

  #admit(): void {
    for (const next of this.#waiting) {
      if (this.#inside >= next.places) return;
      this.#waiting.delete(next);
      this.#inside++;
      next.enter();
    }
  }

  #queue(passer: Passer, places: number): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        places,
        enter() {
          end();
          resolve();
        },
      };
      this.#waiting.add(waiting);
      const end = passer.begin(this.#step, (reason) => {
        this.#waiting.delete(waiting);
        this.#admit();
        reject(reason);
      });
    });
  }
}
