import { performance } from 'node:perf_hooks';

/** How many failures in a row make a host ill: one reset says little, two say enough. */
const FAILURES_UNTIL_ILL = 2;

interface Failures {
  readonly inARow: number;
  readonly lastAt: number;
  /** Whether a call is on its way to find out if the host is well again. */
  readonly probed: boolean;
}

/** How the first host of a call is chosen. */
export interface Preference {
  /** After how long without a failure a host that is ill is tried again, in milliseconds; undefined: not by this call. */
  readonly recoveryMs: number | undefined;
  /**
   * Whether the call has another attempt, should that host fail still. Calls without one leave the trial to the others, if
   * there were any within the recovery time. Default true.
   */
  readonly hasAnother?: boolean;
}

/**
 * Remembers which hosts failed, to ask the others first. It only orders hosts and never refuses one.
 *
 * A host that is ill gets another chance after its recovery time: one call at a time tries it, and as soon as it answers
 * the others follow.
 */
export class HostHealth {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly #failures = new Map<string, Failures>();
  /** When a call with another attempt began last. */
  #safeCallAt = -Infinity;

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /**
   * The host for the first attempt of a call: the first that is well or due for another chance; with all of them ill, the
   * one that failed longest ago.
   *
   * @param hosts by preference, at least one
   */
  first(hosts: readonly string[], { recoveryMs = Infinity, hasAnother = true }: Preference): string {
    const mayTry = hasAnother || this.now() - this.#safeCallAt > recoveryMs;
    if (hasAnother && recoveryMs !== Infinity) this.#safeCallAt = this.now();
    for (const host of hosts) {
      const failures = this.#failures.get(host);
      if (failures === undefined || failures.inARow < FAILURES_UNTIL_ILL) return host;
      if (mayTry && !failures.probed && this.now() - failures.lastAt >= recoveryMs) {
        this.#failures.set(host, { ...failures, probed: true });
        return host;
      }
    }
    return this.#longestAgo(hosts);
  }

  /** The host for another attempt after `tried` had its turn; the same one if there is no other. */
  next(hosts: readonly string[], tried: string): string {
    const others = hosts.filter((host) => host !== tried);
    return others.length === 0 ? tried : this.first(others, { recoveryMs: undefined });
  }

  /** The host did not do its part. */
  failed(host: string): void {
    const inARow = (this.#failures.get(host)?.inARow ?? 0) + 1;
    this.#failures.set(host, { inARow, lastAt: this.now(), probed: false });
  }

  /**
   * The host did its part, whatever it said. What it was asked before it failed does not make one well that is ill.
   *
   * @param askedAt when the attempt began
   */
  answered(host: string, askedAt: number): void {
    const failures = this.#failures.get(host);
    if (failures !== undefined && failures.inARow >= FAILURES_UNTIL_ILL && failures.lastAt > askedAt) return;
    this.#failures.delete(host);
  }

  /** The attempt ended without telling anything of the host. */
  leftOpen(host: string): void {
    const failures = this.#failures.get(host);
    if (failures !== undefined) this.#failures.set(host, { ...failures, probed: false });
  }

  #longestAgo(hosts: readonly string[]): string {
    const lastFailure = (host: string): number => this.#failures.get(host)?.lastAt ?? -Infinity;
    return hosts.reduce((best, host) => (lastFailure(host) < lastFailure(best) ? host : best));
  }
}
