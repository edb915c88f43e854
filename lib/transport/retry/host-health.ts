import { performance } from 'node:perf_hooks';
import { hostChannel } from '../../telemetry/channels.js';
import type { HostEvent } from '../../telemetry/events.js';

/** Consecutive failures that make a host unhealthy. One is not enough: a single reset may be chance. */
const FAILURES_UNTIL_UNHEALTHY = 2;

interface Failures {
  readonly inARow: number;
  readonly lastAt: number;
  /** True while a call tries the host again. */
  readonly probed: boolean;
  /** Time of the last call since the failure that prefers this host and has another host to fall back on. */
  readonly safeCallAt: number;
}

/** The terms on which the first host of a call is chosen. */
export interface Preference {
  /** Time without a failure after which an unhealthy host is tried again, in milliseconds; undefined: not by this call. */
  readonly recoveryMs: number | undefined;
  /**
   * True if the call has an attempt left on another host; default true. A call without one avoids an unhealthy host, except
   * when no call with one has come for this host within the recovery time.
   */
  readonly hasAnother?: boolean;
}

/**
 * Remembers which hosts failed, to ask the others first. It only orders hosts and never refuses one.
 *
 * An unhealthy host gets another chance after its recovery time: one call at a time tries it, and all calls use it again as
 * soon as it replies.
 */
export class HostHealth {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly #failures = new Map<string, Failures>();

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /**
   * Chooses the host for the first attempt of a call: the first that is healthy or due for another chance, else the host with
   * the oldest failure.
   *
   * @param hosts by preference, at least one
   */
  first(hosts: readonly string[], { recoveryMs = Infinity, hasAnother = true }: Preference): string {
    const isSafeCall = hasAnother && recoveryMs !== Infinity;
    for (const host of hosts) {
      const failures = this.#failures.get(host);
      if (failures === undefined || !this.#isUnhealthy(host)) return host;
      const now = this.now();
      const isDue = !failures.probed && now - failures.lastAt >= recoveryMs;
      const isTried = isDue && (hasAnother || now - failures.safeCallAt > recoveryMs);
      const safeCallAt = isSafeCall ? now : failures.safeCallAt;
      this.#failures.set(host, { ...failures, probed: failures.probed || isTried, safeCallAt });
      if (isTried) return host;
    }
    return this.#leastRecentlyFailed(hosts);
  }

  /** Returns the host that calls begin on now: the first healthy one, else the host with the oldest failure. */
  current(hosts: readonly string[]): string {
    return hosts.find((host) => !this.#isUnhealthy(host)) ?? this.#leastRecentlyFailed(hosts);
  }

  /** Chooses the host for the attempt after one on `tried`; the same host if there is no other. */
  next(hosts: readonly string[], tried: string): string {
    const others = hosts.filter((host) => host !== tried);
    return others.length === 0 ? tried : this.first(others, { recoveryMs: undefined });
  }

  /** Records a failure of the host. */
  failed(host: string): void {
    const inARow = (this.#failures.get(host)?.inARow ?? 0) + 1;
    this.#failures.set(host, { inARow, lastAt: this.now(), probed: false, safeCallAt: -Infinity });
    if (inARow === FAILURES_UNTIL_UNHEALTHY) publishState(host, 'unhealthy');
  }

  /**
   * Records a reply of the host. A reply to a request sent before the last failure does not clear the failure count.
   *
   * @param startedAt start of the attempt, by the clock of this object
   */
  replied(host: string, startedAt: number): void {
    const failures = this.#failures.get(host);
    if (failures === undefined) return;
    const isUnhealthy = failures.inARow >= FAILURES_UNTIL_UNHEALTHY;
    if (isUnhealthy && failures.lastAt > startedAt) return;
    this.#failures.delete(host);
    if (isUnhealthy) publishState(host, 'healthy');
  }

  /** Records an attempt that ended without telling anything about the host. */
  inconclusive(host: string): void {
    const failures = this.#failures.get(host);
    if (failures !== undefined) this.#failures.set(host, { ...failures, probed: false });
  }

  #isUnhealthy(host: string): boolean {
    return (this.#failures.get(host)?.inARow ?? 0) >= FAILURES_UNTIL_UNHEALTHY;
  }

  #leastRecentlyFailed(hosts: readonly string[]): string {
    const lastFailure = (host: string): number => this.#failures.get(host)?.lastAt ?? -Infinity;
    return hosts.reduce((best, host) => (lastFailure(host) < lastFailure(best) ? host : best));
  }
}

function publishState(host: string, state: HostEvent['state']): void {
  if (hostChannel.hasSubscribers) hostChannel.publish({ host, state } satisfies HostEvent);
}
