import type { CallContext } from '../errors/call-context.js';
import { Deadline } from './deadline.js';
import type { Effect } from './effect.js';
import type { Attempt } from './retry/attempt.js';
import { Attempts, type RetryOptions } from './retry/attempts.js';
import { Semaphore } from './semaphore.js';

export interface TransportOptions extends RetryOptions {
  /** Origins of WeChat Pay by preference. */
  readonly hosts: readonly string[];
  readonly timeoutMs: number;
  /** The number of attempts that run at a time; a host gets as many connections, so that none has to wait for one. */
  readonly maxInFlight: number;
}

/** The time of one call, its caller's signal, and the terms on which it may be made more than once. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Effect of the request at WeChat Pay. A request of effect `once` is retried only if it was not sent. */
  readonly effect: Effect;
  /** True if a success may be anything, a file for example, which tells nothing about the host; default false. */
  readonly anyReply?: boolean;
  /** The only host that is asked; ignored if it is not one of the merchant's. */
  readonly host?: string;
}

/** Makes the calls of a merchant, each within its deadline, and not too many at a time. */
export class Transport {
  readonly #options: TransportOptions;
  /** Before anything is signed: a signature ages, and a request that waits for a connection uses up its host's time. */
  readonly #inFlight = new Semaphore('waiting for its turn');
  readonly #calls = new Set<Deadline>();

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /**
   * Runs a call within its deadline, with as many attempts as it takes and as are allowed.
   *
   * @param work makes one attempt, from signing to decoding
   * @throws `signal.reason` when the caller gives up; else the failure of the last attempt that brought an answer, or
   *   WxPayTransportError if none did
   */
  async run<T>(call: CallContext, terms: RunOptions, work: (attempt: Attempt) => Promise<T>): Promise<T> {
    const { hosts, maxInFlight } = this.#options;
    const { signal, timeoutMs = this.#options.timeoutMs, effect, host, anyReply = false } = terms;
    const deadline = new Deadline(timeoutMs, signal);
    const attempts = new Attempts(this.#options, {
      call,
      deadline,
      effect,
      anyReply,
      hosts: host !== undefined && hosts.includes(host) ? [host] : hosts,
    });
    this.#calls.add(deadline);
    try {
      for (;;) {
        const outcome = await this.#inFlight.run(deadline, maxInFlight, () => attempts.next(work));
        if (outcome.ok) return outcome.value;
        await attempts.retry(outcome.failure, outcome.decision);
      }
    } catch (error) {
      throw attempts.finalError(error);
    } finally {
      this.#calls.delete(deadline);
      deadline.stop();
    }
  }

  /** Resolves when the calls that are in flight now are done; those that begin meanwhile are not waited for. */
  async drain(): Promise<void> {
    await Promise.all([...this.#calls].map((deadline) => deadline.stopped()));
  }
}
