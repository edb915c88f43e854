import { createHash } from 'node:crypto';

/** Three numbers from 0 to below 1, apart from each other. */
export type Throw = readonly [first: number, second: number, third: number];

/**
 * Dice that fall the same way for the same seed. Each key has throws of its own, in a fixed sequence, whatever is thrown
 * for other keys in between.
 *
 * The numbers are those of SHA-256 over seed, key and place in the sequence: a generator in counter mode, so that no state
 * is carried from throw to throw.
 */
export class Dice {
  readonly #seed: number;
  readonly #thrown = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  throw(key: string): Throw {
    const place = this.#thrown.get(key) ?? 0;
    this.#thrown.set(key, place + 1);
    const digest = createHash('sha256').update(`${this.#seed}\n${place}\n${key}`).digest();
    return [fraction(digest, 0), fraction(digest, 4), fraction(digest, 8)];
  }
}

function fraction(bytes: Buffer, offset: number): number {
  return bytes.readUInt32BE(offset) / 2 ** 32;
}
