import { createHash } from 'node:crypto';

/** Three independent numbers in [0, 1). */
export type Draw = readonly [first: number, second: number, third: number];

/**
 * Deterministic random numbers. Each key has its own fixed sequence, independent of draws for other keys.
 *
 * The numbers come from SHA-256 over seed, index and key: a generator in counter mode, without state between draws.
 */
export class SeededRandom {
  readonly #seed: number;
  readonly #draws = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  draw(key: string): Draw {
    const index = this.#draws.get(key) ?? 0;
    this.#draws.set(key, index + 1);
    const digest = createHash('sha256').update(`${this.#seed}\n${index}\n${key}`).digest();
    return [fraction(digest, 0), fraction(digest, 4), fraction(digest, 8)];
  }
}

function fraction(bytes: Buffer, offset: number): number {
  return bytes.readUInt32BE(offset) / 2 ** 32;
}
