export interface TokenBucketOptions {
  /** The number of tokens that may be taken at once. */
  readonly capacity: number;
  /** The time after which one more token is there, in milliseconds. */
  readonly refillMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Bounds the rate of something by tokens, which come back with time. */
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
