import { performance } from 'node:perf_hooks';
import { Gate, type Passer } from './gate.js';

export interface SigningGateOptions {
  /** How long a signature counts in the bound that all signers share, in milliseconds; default 100. */
  readonly leaseMs?: number;
}

/** A signature takes a millisecond or two: after this time its signer waits for something, and computes nothing. */
const LEASE_MS = 100;

/** What is known of one signer. */
interface Lane {
  readonly gate: Gate;
  /** How many of its signatures have lost their lease and are under way still. */
  overdue: number;
  /** Whether the last signature took longer than the lease. */
  wasSlow: boolean;
}

/**
 * Bounds the signatures that are computed at a time in this process, so that no signer holds the calls of another.
 *
 * Each signer has as many permits of its own as the shared bound has: more of its calls wait for their own kind only, and take
 * turns with those of others. A shared permit is lent for a short time: a signer that keeps one longer, or for ever, gives it
 * back and signs outside the shared bound until it is quick again.
 */
export class SigningGate {
  readonly #leaseMs: number;
  readonly #shared = new Gate('waiting to sign');
  readonly #lanes = new WeakMap<object, Lane>();

  constructor({ leaseMs = LEASE_MS }: SigningGateOptions = {}) {
    this.#leaseMs = leaseMs;
  }

  /**
   * Waits for a permit to sign.
   *
   * @param signer whose signature it is
   * @param permits the bound as its merchant sees it
   * @returns gives the permit back; to be called once
   * @throws the reason of the passer's signal, which also ends its wait
   */
  async enter(passer: Passer, signer: object, permits: number): Promise<() => void> {
    const lane = this.#laneOf(signer);
    await lane.gate.enter(passer, permits);
    if (lane.wasSlow || lane.overdue > 0) return this.#signOutside(lane);
    try {
      await this.#shared.enter(passer, permits);
    } catch (error) {
      lane.gate.leave();
      throw error;
    }
    return this.#lend(lane);
  }

  #laneOf(signer: object): Lane {
    const known = this.#lanes.get(signer);
    if (known !== undefined) return known;
    const lane: Lane = { gate: new Gate('waiting to sign'), overdue: 0, wasSlow: false };
    this.#lanes.set(signer, lane);
    return lane;
  }

  #lend(lane: Lane): () => void {
    let isOverdue = false;
    const lease = setTimeout(() => {
      isOverdue = true;
      lane.overdue++;
      this.#shared.leave();
    }, this.#leaseMs).unref();
    return () => {
      clearTimeout(lease);
      if (isOverdue) lane.overdue--;
      else this.#shared.leave();
      lane.wasSlow = isOverdue;
      lane.gate.leave();
    };
  }

  #signOutside(lane: Lane): () => void {
    const startedAt = performance.now();
    return () => {
      lane.wasSlow = performance.now() - startedAt >= this.#leaseMs;
      lane.gate.leave();
    };
  }
}
