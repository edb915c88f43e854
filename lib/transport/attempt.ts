import { performance } from 'node:perf_hooks';
import type { CallContext } from '../errors/call-context.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import type { Deadline } from './deadline.js';
import { silent, unconnected } from './failures.js';
import type { Passer } from './gate.js';

/** One try at a call on one host: the unit that is signed, sent, verified and decoded as a whole. */
export interface Attempt {
  readonly call: CallContext;
  /** The origin to ask. */
  readonly host: string;
  /** Runs one step within the deadline of the call; `signal` tells it to stop. */
  readonly step: <T>(name: string, work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  /** Begins to wait in line within the deadline of the call; see {@link Deadline.begin}. */
  readonly begin: Passer['begin'];
}

/** The step in which the host has its turn; the time of all others is spent on this side. */
export const SENDING = 'sending';

/**
 * Why a failure says nothing against the host:
 *
 * - `port` the signer, the verifier or an interceptor of the app failed
 * - `idle-connection` the host closed a connection that had lain idle, just when it was used again
 * - `hurried` the host had too little time to answer
 * - `too-large` the reply was dropped for its size
 */
export type Excuse = 'port' | 'idle-connection' | 'hurried' | 'too-large';

export interface HostAttemptOptions {
  readonly call: CallContext;
  readonly host: string;
  /** By the clock of the health of its host. */
  readonly beganAt: number;
  readonly deadline: Deadline;
  /** How long the host may take to answer, in milliseconds; undefined: as long as the call may. */
  readonly patienceMs: number | undefined;
  /** Whether the host may take as long as the call once the request was sent. */
  readonly isEndlessOnceSent: boolean;
  /** From when on its silence counts against it, in milliseconds. */
  readonly fairMs: number;
  /** Whether an earlier attempt of the call may have reached a host. */
  readonly wasSentBefore: boolean;
}

/** An attempt that knows what its failure says about the host. */
export class HostAttempt implements Attempt {
  readonly call: CallContext;
  readonly host: string;
  readonly beganAt: number;
  /** Whether an earlier attempt of the call may have reached a host. */
  readonly wasSentBefore: boolean;
  /** Set where it failed, if there is one. */
  excuse?: Excuse;
  /** Whether the host may have received the request; see {@link sent}. */
  mayHaveArrived = false;
  readonly #options: HostAttemptOptions;
  #askedAt: number | undefined;
  #patience: Deadline | undefined;

  constructor(options: HostAttemptOptions) {
    this.call = options.call;
    this.host = options.host;
    this.beganAt = options.beganAt;
    this.wasSentBefore = options.wasSentBefore;
    this.#options = options;
  }

  /** From now on the host may have the request. */
  sent(): void {
    this.mayHaveArrived = true;
    if (this.#options.isEndlessOnceSent) this.#patience?.stopTimer();
  }

  /** Whether the host, asked and not heard of since, had so long to answer. */
  wasSilentFor(ms: number): boolean {
    // Timers may fire a moment early.
    return this.#askedAt !== undefined && performance.now() - this.#askedAt >= ms - 2;
  }

  readonly step = async <T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const { deadline } = this.#options;
    if (name === SENDING) return deadline.wait(name, () => this.#ask(work));
    try {
      return await deadline.step(name, work);
    } catch (error) {
      // It may be that of a remote call or a download, and look like one of the host.
      if (!(error instanceof WxPaySignatureError)) this.excuse = 'port';
      throw error;
    }
  };

  readonly begin: Passer['begin'] = (name, interrupt) => this.#options.deadline.begin(name, interrupt);

  async #ask<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { call, host, deadline, patienceMs, fairMs } = this.#options;
    this.#askedAt = performance.now();
    const patience = patienceMs === undefined ? undefined : deadline.part(patienceMs);
    this.#patience = patience;
    try {
      const reply = await (patience === undefined ? work(deadline.signal) : patience.step(SENDING, work));
      this.#askedAt = undefined;
      return reply;
    } catch (error) {
      if (!patience?.expired) throw error;
      if (!this.wasSilentFor(fairMs)) this.excuse = 'hurried';
      if (this.mayHaveArrived) throw silent(call, host, patience.timeoutMs);
      throw unconnected(call, host, { patienceMs: patience.timeoutMs, wasSentBefore: this.wasSentBefore });
    } finally {
      patience?.stop();
    }
  }
}
