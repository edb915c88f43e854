/** Whoever wants to pass: a call or an attempt, whose time goes on while it waits. */
export interface Passer {
  wait<T>(name: string, work: () => Promise<T>): Promise<T>;
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
  async enter(passer: Passer, places: number): Promise<void> {
    if (this.#waiting.size === 0 && this.#inside < places) this.#inside++;
    else await this.#queue(passer, places);
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

  async #queue(passer: Passer, places: number): Promise<void> {
    let waiting: Waiting | undefined;
    try {
      await passer.wait(
        this.#step,
        () => new Promise<void>((enter) => this.#waiting.add((waiting = { places, enter }))),
      );
    } catch (error) {
      // Whoever gave up in the very moment of its turn has a place to give back.
      if (waiting !== undefined) {
        if (this.#waiting.delete(waiting)) this.#admit();
        else this.leave();
      }
      throw error;
    }
  }
}
