import type { CallContext } from '../errors/call-context.js';
import { SENDING, type HostAttempt } from './attempt.js';
import { Deadline } from './deadline.js';
import type { Effect } from './effect.js';
import { Failover } from './failover.js';
import { noReply, timedOut, unusable } from './failures.js';
import { Gate } from './gate.js';
import type { HostHealth } from './host-health.js';
import type { HttpClient, WireRequest } from './http/http-client.js';
import type { Reply } from './http/reply.js';
import { SendError } from './http/send-error.js';

export interface TransportOptions {
  readonly httpClient: HttpClient;
  /** By preference. */
  readonly hosts: readonly string[];
  readonly health: HostHealth;
  readonly timeoutMs: number;
  readonly attemptTimeoutMs: number;
  readonly maxAttempts: number;
  /** How many attempts run at a time; as many as a host gets connections, so that none has to wait for one. */
  readonly maxInFlight: number;
  readonly hostRecoveryMs: number;
  readonly maxReplyBytes: number;
  readonly userAgent: string;
}

/** How long one call may take, who may end it early, and whether it may be made more than once. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Whether asking twice does no more than asking once; default true. If not, only what was not sent is tried again. */
  readonly repeatable?: boolean;
  /** Whether it changes nothing at WeChat Pay; default false. */
  readonly readOnly?: boolean;
  /** Whether a success may be anything, a file for example, which says nothing of the host; default false. */
  readonly anyReply?: boolean;
  /** The one host that is to answer, with every attempt; any that is not of the merchant is ignored. */
  readonly host?: string;
}

/** Carries requests to WeChat Pay: exact bytes there, exact bytes back, within a deadline. */
export class Transport {
  readonly #options: TransportOptions;
  /** Before anything is signed: a signature ages, and a request that waits for a connection uses up its host's time. */
  readonly #gate = new Gate('waiting for its turn');
  readonly #inFlight = new Set<Promise<unknown>>();

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /**
   * Runs a call within its deadline, with as many attempts as it takes and as are allowed.
   *
   * @param work what one attempt does, from signing to decoding
   * @throws `signal.reason` when the caller gives up; else the failure of the last attempt that brought an answer, or
   *   WxPayTransportError if none did
   */
  async run<T>(
    call: CallContext,
    { signal, timeoutMs = this.#options.timeoutMs, host, ...terms }: RunOptions,
    work: (attempt: HostAttempt) => Promise<T>,
  ): Promise<T> {
    const deadline = new Deadline(timeoutMs, signal);
    // All else is made when its turn has come: thousands of calls may wait for theirs.
    const running = this.#gate.enter(deadline, this.#options.maxInFlight).then(
      () =>
        this.#failover(call, deadline, {
          host,
          anyReply: terms.anyReply ?? false,
          effect: effectOf(terms),
        }).run(work),
      (error: unknown) => {
        throw deadline.expired ? timedOut(call, { asked: [], mayHaveArrived: false, deadline }) : error;
      },
    );
    this.#inFlight.add(running);
    try {
      return await running;
    } finally {
      this.#inFlight.delete(running);
      deadline.stop();
    }
  }

  #failover(
    call: CallContext,
    deadline: Deadline,
    { host, ...terms }: Pick<RunOptions, 'host'> & { readonly effect: Effect; readonly anyReply: boolean },
  ): Failover {
    const { hosts, health, maxInFlight, attemptTimeoutMs, maxAttempts, hostRecoveryMs } = this.#options;
    return new Failover({
      call,
      ...terms,
      deadline,
      gate: this.#gate,
      maxInFlight,
      hosts: host !== undefined && hosts.includes(host) ? [host] : hosts,
      health,
      attemptTimeoutMs,
      maxAttempts,
      hostRecoveryMs,
    });
  }

  /**
   * Sends one request and returns whatever came back.
   *
   * @throws {WxPayTransportError} if nothing, too much, or no answer came back
   */
  async send(
    request: WireRequest,
    headers: Readonly<Record<string, string>>,
    attempt: HostAttempt,
  ): Promise<Reply> {
    const { httpClient, maxReplyBytes, userAgent } = this.#options;
    const { call, host } = attempt;
    return attempt.step(SENDING, async (signal) => {
      let reply: Reply;
      try {
        reply = await httpClient.send(
          { ...request, host, headers: { ...headers, 'User-Agent': userAgent }, maxReplyBytes },
          { signal, sent: () => attempt.sent() },
        );
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof SendError)) throw error;
        if (error.fault === 'stale-connection') attempt.excuse = 'idle-connection';
        if (error.fault === 'not-a-response') attempt.excuse = 'port';
        if (error.fault === 'too-large') attempt.excuse = 'too-large';
        const { mayHaveArrived: wasSent, wasSentBefore } = attempt;
        throw noReply(call, host, { error, maxReplyBytes, wasSent, wasSentBefore });
      }
      // What comes before an answer is none: of those, HTTP clients let only 101 through.
      if (reply.status < 200) throw unusable(call, host, reply, 'no answer follows.');
      return reply;
    });
  }

  /** Resolves when the calls that are in flight now are done; those that begin meanwhile are not waited for. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#inFlight);
  }
}

function effectOf({ repeatable = true, readOnly = false }: RunOptions): Effect {
  if (readOnly) return 'none';
  return repeatable ? 'idempotent' : 'once';
}
