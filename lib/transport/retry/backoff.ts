const SHORTEST_MS = 100;
const LONGEST_MS = 2_000;

/**
 * The pauses between the attempts of one call: at random between the shortest and three times the one before, so that
 * calls that failed together do not come back together (decorrelated jitter).
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export class Backoff {
  #previousMs = SHORTEST_MS;

  /** The length of the next pause, in milliseconds. */
  next(): number {
    const longest = Math.min(LONGEST_MS, this.#previousMs * 3);
    this.#previousMs = SHORTEST_MS + Math.random() * (longest - SHORTEST_MS);
    return this.#previousMs;
  }
}
