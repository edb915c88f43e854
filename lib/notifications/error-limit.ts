import { WxPayError } from '../errors/wxpay-error.js';
import type { Refusal } from './refusal.js';

/** Minimum time between two lines at the level `error` about one kind of fault of a merchant. */
const INTERVAL_MS = 60_000;

/**
 * Limits the lines at the level `error` about notifications that were not verified: once a minute for each merchant and code of
 * error. Strangers can cause such a line with every request, for example while certificates cannot be downloaded, and an
 * app may alert its operators at each.
 */
export class ErrorLimit {
  /** Time of the last such line of each kind; the oldest first. */
  readonly #loggedAt = new Map<string, number>();
  readonly #now: () => number;

  /** @param now milliseconds since any moment */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Returns the refusal, at the level `warn` if an error of its kind was logged less than a minute ago. */
  apply(refusal: Refusal, error: unknown, merchant: string | undefined): Refusal {
    if (refusal.level !== 'error') return refusal;
    const now = this.#now();
    this.#forgetBefore(now - INTERVAL_MS);
    const kind = JSON.stringify([merchant, error instanceof WxPayError ? error.code : undefined]);
    if (this.#loggedAt.has(kind)) return { ...refusal, level: 'warn' };
    this.#loggedAt.set(kind, now);
    return refusal;
  }

  #forgetBefore(time: number): void {
    for (const [kind, loggedAt] of this.#loggedAt) {
      if (loggedAt > time) break;
      this.#loggedAt.delete(kind);
    }
  }
}
