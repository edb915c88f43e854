import { performance } from 'node:perf_hooks';
import { Semaphore, type Waiter } from './semaphore.js';

export interface SigningSemaphoreOptions {
  /** Time for which a signature counts in the shared limit, in milliseconds; default 100. */
  readonly leaseMs?: number;
}

/** A signature takes a millisecond or two: a signer that takes longer than this waits for something, and computes nothing. */
const LEASE_MS = 100;
const STEP = 'waiting to sign';

/** The state of one signer. */
interface Lane {
  readonly own: Semaphore;
  /** Number of its signatures that are still under way after their lease has ended. */
  overdue: number;
  /** True if the last signature took longer than the lease. */
  wasSlow: boolean;
}

/**
 * Limits the number of signatures that this process computes concurrently, so that no signer blocks the calls of another.
 *
 * Each signer also has a semaphore of its own with the same limit, so that one with many calls does not fill the shared queue.
 * A shared permit is leased for a short time. A signer that takes longer, or hangs, loses it, and signs outside the shared
 * limit, with its own limit only, until it is fast again.
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
   * @param permits the limit that its merchant has set
   * @throws what `sign` throws; the reason of the waiter, if its deadline ends before it has a permit
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
        end = this.#lease(lane);
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

  /** Starts the lease of a shared permit. @returns releases the permit, unless the lease has ended */
  #lease(lane: Lane): () => void {
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
