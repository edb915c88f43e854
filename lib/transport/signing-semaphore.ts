import { performance } from 'node:perf_hooks';
import { Semaphore, type Waiter } from './semaphore.js';

export interface SigningSemaphoreOptions {
  /** The time for which a signature counts in the limit that all signers share, in milliseconds; default 100. */
  readonly leaseMs?: number;
}

/** A signature takes a millisecond or two: after this time its signer waits for something, and computes nothing. */
const LEASE_MS = 100;
const STEP = 'waiting to sign';

/** The state of one signer. */
interface Lane {
  readonly own: Semaphore;
  /** The number of its signatures that have lost their lease and are under way still. */
  overdue: number;
  /** True if the last signature took longer than the lease. */
  wasSlow: boolean;
}

/**
 * Limits the signatures that are computed at a time in this process, so that no signer holds the calls of another.
 *
 * Each signer has as many permits of its own as the shared limit has: more of its calls wait for their own kind only, and take
 * turns with those of others. A shared permit is lent for a short time: a signer that keeps one longer, or for ever, gives it
 * back and signs outside the shared limit until it is quick again.
 */
export class SigningSemaphore {
  readonly #leaseMs: number;
  readonly #shared = new Semaphore(STEP);
  readonly #lanes = new WeakMap<object, Lane>();

  constructor({ leaseMs = LEASE_MS }: SigningSemaphoreOptions = {}) {
    this.#leaseMs = leaseMs;
  }

  /**
   * Runs `sign` with a permit.
   *
   * @param signer the signer whose signature it is
   * @param permits the limit as its merchant sees it
   * @throws what `sign` throws; the reason of the waiter, if its time ends before it has a permit
   */
  async run<T>(
    waiter: Waiter,
    { signer, permits }: { readonly signer: object; readonly permits: number },
    sign: () => Promise<T>,
  ): Promise<T> {
    const lane = this.#laneOf(signer);
    if (!lane.own.tryAcquire(permits)) await lane.own.acquire(waiter, permits);
    let end: (() => void) | undefined;
    try {
      if (lane.wasSlow || lane.overdue > 0) {
        end = this.#beginOutside(lane);
      } else {
        if (!this.#shared.tryAcquire(permits)) await this.#shared.acquire(waiter, permits);
        end = this.#lend(lane);
      }
      return await sign();
    } finally {
      end?.();
      lane.own.release();
    }
  }

  #laneOf(signer: object): Lane {
    const known = this.#lanes.get(signer);
    if (known !== undefined) return known;
    const lane: Lane = { own: new Semaphore(STEP), overdue: 0, wasSlow: false };
    this.#lanes.set(signer, lane);
    return lane;
  }

  /** Lends a shared permit. @returns gives it back, unless its lease has ended before */
  #lend(lane: Lane): () => void {
    let isOverdue = false;
    const lease = setTimeout(() => {
      isOverdue = true;
      lane.overdue++;
      this.#shared.release();
    }, this.#leaseMs).unref();
    return () => {
      clearTimeout(lease);
      if (isOverdue) lane.overdue--;
      else this.#shared.release();
      lane.wasSlow = isOverdue;
    };
  }

  #beginOutside(lane: Lane): () => void {
    const startedAt = performance.now();
    return () => {
      lane.wasSlow = performance.now() - startedAt >= this.#leaseMs;
    };
  }
}
