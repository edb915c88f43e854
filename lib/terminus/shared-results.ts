import { performance } from 'node:perf_hooks';

interface Entry<T> {
  readonly result: Promise<T>;
  /** End of the result by the monotonic clock, in milliseconds; undefined while it is being made. */
  endsAt: number | undefined;
}

/** Keeps the last result of each key for a while. Callers that come while one is being made share it. */
export class SharedResults<T> {
  readonly #entries = new Map<string, Entry<T>>();

  /**
   * @param lifetimeMs time for which a result that is made now is used again, in milliseconds
   * @param make never rejects
   */
  get(key: string, lifetimeMs: number, make: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key);
    if (known !== undefined && (known.endsAt ?? Infinity) > performance.now()) return known.result;
    const result = make().finally(() => {
      entry.endsAt = performance.now() + lifetimeMs;
    });
    const entry: Entry<T> = { result, endsAt: undefined };
    this.#entries.set(key, entry);
    return result;
  }
}
