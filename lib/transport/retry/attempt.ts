import { performance } from 'node:perf_hooks';
import type { CallContext } from '../../errors/call-context.js';
import { SENDING, type Deadline } from '../deadline.js';
import { attemptTimedOut, noConnectionMade, noReply, notAWeChatPayReply } from '../failures.js';
import type { Exchange, HttpClient, HttpRequest, WireRequest } from '../http/http-client.js';
import type { Reply, ReplyHead, StreamedReply } from '../http/reply.js';
import { SendError } from '../http/send-error.js';
import { Steps } from '../steps.js';

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

/** The failure of an exchange, and where it comes from. */
export interface SendFailure {
  readonly error: unknown;
  readonly origin: FailureOrigin;
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
  /** Status and headers of the reply, once it is received. */
  #head: ReplyHead | undefined;
  /** The error of the exchange, if that failed for another reason than the host. */
  #sendFailure: SendFailure | undefined;

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

  /** Status and headers of the reply; undefined if none was received. */
  get head(): ReplyHead | undefined {
    return this.#head;
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
    return this.#exchange(request, headers, (all) => this.#wire.httpClient.send(all, this));
  }

  /**
   * Sends the request, in the time that the host has, and returns the head of the reply. The body is read with {@link read}, or
   * destroyed.
   *
   * @throws {WxPayTransportError} if no reply is received, or only one with status 101
   */
  open(request: WireRequest, headers: Readonly<Record<string, string>>): Promise<StreamedReply> {
    return this.#exchange(request, headers, (all) => this.#wire.httpClient.open(all, this));
  }

  /**
   * Reads the body of an opened reply, in the time of the call. The connection is cut when the time is up; `work` has ended
   * when the promise is rejected, so that it leaves nothing behind.
   *
   * @param failureOf names an error of `work`, and where it comes from
   */
  read<T>(work: () => Promise<T>, failureOf: (error: unknown) => SendFailure): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let end: { readonly reason: unknown } | undefined;
      this.wait('downloading', (reason) => {
        end = { reason };
        this.#abort?.();
      });
      work().then(resolve, (error: unknown) => {
        if (end === undefined) this.#sendFailure = failureOf(error);
        reject(end === undefined ? this.#sendFailure?.error : end.reason);
      });
    });
  }

  #exchange<T extends ReplyHead>(
    { method, path, body }: WireRequest,
    headers: Readonly<Record<string, string>>,
    start: (request: HttpRequest) => Promise<T>,
  ): Promise<T> {
    const { maxReplyBytes, userAgent } = this.#wire;
    const { host, timeoutMs } = this.#options;
    return new Promise<T>((resolve, reject) => {
      this.wait(SENDING, (reason) => {
        clearTimeout(this.#timer);
        this.#abort?.();
        reject(reason);
      });
      const replied = (reply: T): void => {
        clearTimeout(this.#timer);
        this.#sendStart = undefined;
        this.#head = reply;
        // A status below 200 announces a reply. HTTP clients pass on 101 only, and no reply follows that.
        if (reply.status >= 200) resolve(reply);
        else reject(notAWeChatPayReply(this.call, host, { ...reply, body: EMPTY }, 'no reply follows.'));
      };
      const failed = (error: unknown): void => {
        clearTimeout(this.#timer);
        reject(this.#failureOf(error));
      };
      this.#sendStart = performance.now();
      if (timeoutMs !== undefined) this.#timer = setTimeout(() => this.#timeOut(timeoutMs), timeoutMs);
      const all = { 'User-Agent': userAgent, ...headers };
      start({ host, method, path, body, headers: all, maxReplyBytes }).then(replied, failed);
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
    if (error.fault === 'unconnected') this.#sent = false;
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

const EMPTY = Buffer.alloc(0);
const TIMER_TOLERANCE_MS = 2;
const ORIGINS: Readonly<Record<SendError['fault'], FailureOrigin>> = {
  unreachable: 'host',
  unconnected: 'host',
  broken: 'host',
  'stale-connection': 'stale-connection',
  'too-large': 'oversized-reply',
  'not-a-response': 'app',
};
