import { performance } from 'node:perf_hooks';

interface Entry<T> {
  readonly result: Promise<T>;
  /** Time until which the result is reused (performance.now()); undefined while it is being made. */
  reusableUntil: number | undefined;
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
    if (known !== undefined && (known.reusableUntil ?? Infinity) > performance.now()) return known.result;
    const result = make().finally(() => {
      entry.reusableUntil = performance.now() + lifetimeMs;
    });
    const entry: Entry<T> = { result, reusableUntil: undefined };
    this.#entries.set(key, entry);
    return result;
  }
}
