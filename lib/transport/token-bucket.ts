export interface TokenBucketOptions {
  /** Maximum number of tokens in the bucket. */
  readonly capacity: number;
  /** Time in which one token is added, in milliseconds. */
  readonly refillMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Limits a rate: each event takes a token, and tokens are added at a fixed rate. */
export class TokenBucket {
  readonly #options: TokenBucketOptions;
  #tokens: number;
  #countedAt: number;

  constructor(options: TokenBucketOptions) {
    this.#options = options;
    this.#tokens = options.capacity;
    this.#countedAt = options.now();
  }

  /** @returns false if there is no token left */
  take(): boolean {
    const { capacity, refillMs, now } = this.#options;
    const time = now();
    this.#tokens = Math.min(capacity, this.#tokens + (time - this.#countedAt) / refillMs);
    this.#countedAt = time;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
