import { performance } from 'node:perf_hooks';
import type { CallContext } from '../../errors/call-context.js';
import type { Deadline } from '../deadline.js';
import { attemptTimedOut, noConnectionMade, noReply, notAWeChatPayReply } from '../failures.js';
import type { Exchange, HttpClient, WireRequest } from '../http/http-client.js';
import type { Reply } from '../http/reply.js';
import { SendError } from '../http/send-error.js';
import { Steps } from '../steps.js';

/** Name of the network step. Only this step counts against the host: signing and verifying run in this process. */
export const SENDING = 'sending';

/**
 * The origin of a failed attempt:
 *
 * - `host` the host, or the way to it
 * - `app` the signer, the verifier or an interceptor of the app
 * - `stale-connection` the host closed an idle connection at the moment when it was used again
 * - `short-timeout` the host had too little time to reply
 * - `oversized-reply` the reply was larger than accepted and was dropped
 */
export type FailureOrigin = 'host' | 'app' | 'stale-connection' | 'short-timeout' | 'oversized-reply';

/** The failure of one attempt. */
export interface AttemptFailure {
  readonly ok: false;
  readonly host: string;
  readonly startedAt: number;
  readonly error: unknown;
  readonly origin: FailureOrigin;
  /** True if the host may have received the request. */
  readonly sent: boolean;
  /** The time since the request began, if no reply has come, in milliseconds. */
  readonly silentMs: number;
}

/** The outcome of one attempt. */
export type AttemptResult<T> = { readonly ok: true; readonly value: T } | AttemptFailure;

/** The settings that all attempts of a merchant share. */
export interface WireOptions {
  readonly httpClient: HttpClient;
  readonly maxReplyBytes: number;
  readonly userAgent: string;
}

export interface AttemptOptions {
  readonly host: string;
  /** The start by the clock of {@link HostHealth}. */
  readonly startedAt: number;
  /** Time limit for the reply of the host, in milliseconds; undefined: the remaining time of the call. */
  readonly timeoutMs: number | undefined;
  /** True if the host may use the remaining time of the call once the request is sent. */
  readonly isUnlimitedOnceSent: boolean;
  /** Minimum silence before a timeout counts against the host, in milliseconds. */
  readonly minSilenceMs: number;
  /** True if an earlier attempt of the call may have reached a host. */
  readonly sentBefore: boolean;
}

/** One request of a call to one host: signed, sent, verified and decoded as a whole. */
export class Attempt extends Steps implements Exchange {
  readonly host: string;
  /** The start by the clock of {@link HostHealth}. */
  readonly startedAt: number;
  readonly #wire: WireOptions;
  readonly #options: AttemptOptions;
  #sent = false;
  #sendStart: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #abort: (() => void) | undefined;
  /** The error of the exchange, if that failed for another reason than the host. */
  #sendFailure: { readonly error: unknown; readonly origin: FailureOrigin } | undefined;

  constructor(
    { call, deadline }: { readonly call: CallContext; readonly deadline: Deadline },
    wire: WireOptions,
    options: AttemptOptions,
  ) {
    super(call, deadline);
    this.host = options.host;
    this.startedAt = options.startedAt;
    this.#wire = wire;
    this.#options = options;
  }

  /** Runs the attempt. It never throws: the result has the error and its origin. */
  async run<T>(work: (attempt: Attempt) => Promise<T>): Promise<AttemptResult<T>> {
    try {
      return { ok: true, value: await work(this) };
    } catch (error) {
      const { host, startedAt } = this;
      const [origin, silentMs] = [this.#originOf(error), this.#silentMs()];
      return { ok: false, error, host, startedAt, origin, sent: this.#sent, silentMs };
    }
  }

  /**
   * Sends the request and returns the reply, within the time limit of the host.
   *
   * @throws {WxPayTransportError} if no reply is received, or only one with status 101
   */
  send(request: WireRequest, headers: Readonly<Record<string, string>>): Promise<Reply> {
    const { httpClient, maxReplyBytes, userAgent } = this.#wire;
    const { host, timeoutMs } = this.#options;
    return new Promise<Reply>((resolve, reject) => {
      this.wait(SENDING, (reason) => {
        clearTimeout(this.#timer);
        this.#abort?.();
        reject(reason);
      });
      const replied = (reply: Reply): void => {
        clearTimeout(this.#timer);
        this.#sendStart = undefined;
        // A status below 200 announces a reply. HTTP clients pass on 101 only, and no reply follows that.
        if (reply.status >= 200) resolve(reply);
        else reject(notAWeChatPayReply(this.call, host, reply, 'no reply follows.'));
      };
      const failed = (error: unknown): void => {
        clearTimeout(this.#timer);
        reject(this.#failureOf(error));
      };
      this.#sendStart = performance.now();
      if (timeoutMs !== undefined) this.#timer = setTimeout(() => this.#timeOut(timeoutMs), timeoutMs);
      const { method, path, body } = request;
      const all = { 'User-Agent': userAgent, ...headers };
      httpClient.send({ host, method, path, body, headers: all, maxReplyBytes }, this).then(replied, failed);
    });
  }

  sent(): void {
    this.#sent = true;
    if (this.#options.isUnlimitedOnceSent) clearTimeout(this.#timer);
  }

  onAbort(abort: () => void): void {
    this.#abort = abort;
  }

  #timeOut(timeoutMs: number): void {
    const { host, minSilenceMs, sentBefore } = this.#options;
    const error = this.#sent
      ? attemptTimedOut(this.call, host, timeoutMs)
      : noConnectionMade(this.call, host, { timeoutMs, sentBefore });
    const isShort = this.#silentMs() < minSilenceMs;
    this.#sendFailure = { error, origin: isShort ? 'short-timeout' : 'host' };
    this.interrupt(error);
  }

  #failureOf(error: unknown): unknown {
    if (!(error instanceof SendError)) return error;
    const { maxReplyBytes } = this.#wire;
    const { host, sentBefore } = this.#options;
    const failure = noReply(this.call, host, { error, maxReplyBytes, sent: this.#sent, sentBefore });
    this.#sendFailure = { error: failure, origin: ORIGINS[error.fault] };
    return failure;
  }

  #originOf(error: unknown): FailureOrigin {
    if (this.isOwnFailure(error)) return 'app';
    const failure = this.#sendFailure;
    return failure !== undefined && failure.error === error ? failure.origin : 'host';
  }

  #silentMs(): number {
    // Timers may fire a moment early.
    return this.#sendStart === undefined ? 0 : performance.now() - this.#sendStart + TIMER_TOLERANCE_MS;
  }
}

const TIMER_TOLERANCE_MS = 2;
const ORIGINS: Readonly<Record<SendError['fault'], FailureOrigin>> = {
  unreachable: 'host',
  broken: 'host',
  'stale-connection': 'stale-connection',
  'too-large': 'oversized-reply',
  'not-a-response': 'app',
};
