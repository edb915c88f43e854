import { SeededRandom } from '../../lib/testing/faults/seeded-random.js';

/** Decisions that are the same for the same seed, one sequence for each name. */
export class Chance {
  readonly #random: SeededRandom;
  readonly #name: string;

  constructor(seed: number, name: string) {
    this.#random = new SeededRandom(seed);
    this.#name = name;
  }

  /** A number from 0 to below 1. */
  next(): number {
    return this.#random.draw(this.#name)[0];
  }

  /** Whether something happens that happens in this share of all cases. */
  happens(share: number): boolean {
    return this.next() < share;
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** One of the values; those that stand there twice come twice as often. */
  one<T>(values: readonly T[]): T {
    // Below the length, as the number is below 1.
    return values[Math.floor(this.next() * values.length)] as T;
  }
}
