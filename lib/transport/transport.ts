import type { CallContext } from '../errors/call-context.js';
import { callChannel, traceCall } from '../telemetry/call-channel.js';
import { CallRecord } from './call-record.js';
import { Deadline } from './deadline.js';
import type { Effect } from './effect.js';
import type { Attempt } from './retry/attempt.js';
import { endOf, SUCCESS } from './retry/attempt-event.js';
import { Attempts, type RetryOptions } from './retry/attempts.js';
import { Semaphore } from './semaphore.js';

export interface TransportOptions extends RetryOptions {
  readonly timeoutMs: number;
  /** Maximum number of concurrent attempts, and of connections to each host, so that no attempt waits for a connection. */
  readonly maxInFlight: number;
}

/** Limits of one call, and the facts that decide whether it may be retried. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Effect of the request at WeChat Pay. A request of effect `once` is retried only if it was not sent. */
  readonly effect: Effect;
  /** True if a success may have any content, such as a file: its content then says nothing about the host; default false. */
  readonly anyReply?: boolean;
  /** True to stop at any 4xx refusal except 429; default false. */
  readonly stopsAt4xx?: boolean;
  /** True for a self-test: a timeout shorter than `attemptTimeoutMs` does not count against the host; default false. */
  readonly isSelfTest?: boolean;
  /** Last sentence of the message if the outcome is unknown; default: by the effect. */
  readonly advice?: string;
  /** The only host to use; ignored if it is not one of the merchant's. */
  readonly host?: string;
  /** The origin that is asked in place of the merchant's hosts. It must be one of WeChat Pay: the request is signed. */
  readonly origin?: string;
}

function chosenHosts(
  hosts: readonly string[],
  { host, origin }: Pick<RunOptions, 'host' | 'origin'>,
): readonly string[] {
  if (origin !== undefined) return [origin];
  return host !== undefined && hosts.includes(host) ? [host] : hosts;
}

/** Runs the calls of a merchant, each within its deadline, and a limited number of attempts at a time. */
export class Transport {
  readonly #options: TransportOptions;
  /** Acquired before signing: a signature ages, and waiting for a connection would use up the time of the host. */
  readonly #inFlight = new Semaphore('waiting for other calls');
  readonly #calls = new Set<Deadline>();

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /**
   * Runs a call within its deadline, with retries as far as they are allowed.
   *
   * @param work makes one attempt, from signing to decoding
   * @throws `signal.reason` if the caller aborts; the failure of the signer or verifier of the app, which is not retried; otherwise
   *   the error of the last attempt that received a reply, or WxPayTransportError if none did
   */
  run<T>(call: CallContext, terms: RunOptions, work: (attempt: Attempt) => Promise<T>): Promise<T> {
    if (!callChannel.hasSubscribers) return this.#run(call, terms, work);
    const record = new CallRecord(call, this.#options.api);
    return traceCall(record, () => this.#run(call, { record, ...terms }, work));
  }

  async #run<T>(
    call: CallContext,
    terms: RunOptions & { readonly record?: CallRecord },
    work: (attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    const { hosts, maxInFlight } = this.#options;
    const { signal, timeoutMs = this.#options.timeoutMs, effect, record } = terms;
    const { anyReply = false, stopsAt4xx = false, isSelfTest = false, advice } = terms;
    const deadline = new Deadline(timeoutMs, signal);
    const attempts = new Attempts(this.#options, {
      call,
      deadline,
      effect,
      anyReply,
      stopsAt4xx,
      isSelfTest,
      advice,
      hosts: chosenHosts(hosts, terms),
      record,
    });
    this.#calls.add(deadline);
    try {
      for (;;) {
        const outcome = await this.#inFlight.run(deadline, maxInFlight, () => attempts.next(work));
        if (outcome.ok) {
          record?.end(SUCCESS);
          return outcome.value;
        }
        await attempts.retry(outcome.failure, outcome.decision);
      }
    } catch (error) {
      const failure = attempts.finalError(error);
      record?.end(endOf(failure, deadline));
      throw failure;
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
