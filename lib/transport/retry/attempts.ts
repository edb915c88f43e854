import type { CallContext } from '../../errors/call-context.js';
import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import { WxPayTransportError } from '../../errors/wxpay-transport-error.js';
import { attemptChannel } from '../../telemetry/channels.js';
import type { CallLabels } from '../../telemetry/call-events.js';
import { publishVerificationFailure } from '../../telemetry/verification-failure.js';
import type { CallRecord } from '../call-record.js';
import type { Deadline } from '../deadline.js';
import { namesState, unknownAfter, type Effect } from '../effect.js';
import { callTimedOut } from '../failures.js';
import { Attempt, type AttemptFailure, type AttemptResult, type WireOptions } from './attempt.js';
import { attemptEvent } from './attempt-event.js';
import { CallFailures } from './call-failures.js';
import { withAllAttempts } from './failed-attempts.js';
import type { HostHealth } from './host-health.js';
import { retryDecision, type RetryDecision } from './retry-decision.js';

/** The settings that all calls of a merchant share. */
export interface RetryOptions extends WireOptions {
  /** The API of the merchant, for telemetry. */
  readonly api: CallLabels['api'];
  /** Origins of WeChat Pay by preference. */
  readonly hosts: readonly string[];
  readonly health: HostHealth;
  readonly attemptTimeoutMs: number;
  readonly maxAttempts: number;
  readonly hostRecoveryMs: number;
}

/** The terms of one call. */
export interface CallTerms {
  readonly call: CallContext;
  readonly deadline: Deadline;
  readonly effect: Effect;
  /** True if a success may have any content, such as a file: its content then says nothing about the host. */
  readonly anyReply: boolean;
  /** True to stop at any 4xx refusal except 429. */
  readonly stopsAt4xx: boolean;
  /** True for a self-test: silence shorter than `attemptTimeoutMs` says nothing about the host. */
  readonly isSelfTest: boolean;
  /** Last sentence of the message if the outcome is unknown; undefined for that of the effect. */
  readonly advice: string | undefined;
  /** The hosts by preference. */
  readonly hosts: readonly string[];
  /** The event of the call; undefined if the call is not traced. */
  readonly record: CallRecord | undefined;
}

/** The outcome of an attempt, and the decision about a failure. */
export type AttemptOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly failure: AttemptFailure;
      /** Undefined if there is nothing to retry. */
      readonly decision: RetryDecision | undefined;
    };

/** Minimum silence before a timeout counts as a failure of the host. */
const MIN_SILENCE_MS = 300;

/** Minimum silence when the caller aborted. A caller that aborts immediately tells nothing about the host. */
const MIN_SILENCE_ON_ABORT_MS = 1_000;

/** The attempts of one call: their number, their hosts, the pauses between them, and the error of the call. */
export class Attempts {
  readonly #options: RetryOptions;
  readonly #terms: CallTerms;
  /** The host of each attempt so far. */
  readonly #tried: string[] = [];
  #nextHost: string | undefined;
  /** Made after the first failure: most calls have none. */
  #failures: CallFailures | undefined;

  constructor(options: RetryOptions, terms: CallTerms) {
    this.#options = options;
    this.#terms = terms;
  }

  /** Makes the next attempt, and records its outcome in the health of the host. */
  async next<T>(work: (attempt: Attempt) => Promise<T>): Promise<AttemptOutcome<T>> {
    const attempt = this.#start(this.#nextHost ?? this.#firstHost());
    const result = await attempt.run(work);
    if (this.#terms.record !== undefined || attemptChannel.hasSubscribers) this.#report(attempt, result);
    if (!result.ok) return { ok: false, failure: result, decision: this.#recordFailure(result) };
    this.#options.health.replied(attempt.host, attempt.startedAt);
    return result;
  }

  /**
   * Waits until the next attempt is due.
   *
   * @throws the error of the failure, if there is no further attempt
   */
  async retry(failure: AttemptFailure, decision: RetryDecision | undefined): Promise<void> {
    if (decision === undefined || !this.#isAllowed(decision, failure)) throw failure.error;
    this.#nextHost = this.#hostAfter(decision, failure.host);
    if (!(await this.#pause(decision, this.#nextHost))) throw failure.error;
  }

  /** Returns the error of the call, marked if its outcome is unknown. */
  finalError(error: unknown): unknown {
    const { effect, deadline, advice } = this.#terms;
    if (deadline.aborted) return error;
    const isOfApp = this.#failures !== undefined && error === this.#failures.appFailure;
    const failure = isOfApp ? error : this.#mostSpecific(error);
    const isOpen = this.#failures?.isOutcomeOpen ?? false;
    if (!isOpen || !(failure instanceof WxPayError) || namesState(failure)) return failure;
    return unknownAfter(failure, effect, advice);
  }

  #start(host: string): Attempt {
    const { health, attemptTimeoutMs, maxAttempts } = this.#options;
    const { effect, deadline } = this.#terms;
    const isLast = this.#tried.push(host) >= maxAttempts;
    // A call with less time than one attempt may take uses half of it, so that a second attempt fits in.
    const ownMs = attemptTimeoutMs < deadline.timeoutMs ? attemptTimeoutMs : deadline.timeoutMs / 2;
    return new Attempt(this.#terms, this.#options, {
      host,
      startedAt: health.now(),
      timeoutMs: isLast ? undefined : ownMs,
      isUnlimitedOnceSent: effect === 'once',
      minSilenceMs: this.#minSilenceMs(false),
      sentBefore: this.#failures?.sent ?? false,
    });
  }

  #report(attempt: Attempt, result: AttemptResult<unknown>): void {
    const { api, hosts, health } = this.#options;
    const { call, deadline, record } = this.#terms;
    const event = attemptEvent(attempt, result, {
      labels: { merchant: call.merchant, operation: call.operation, api },
      attempt: this.#tried.length,
      isBackup: attempt.host !== hosts[0],
      durationMs: health.now() - attempt.startedAt,
      deadline,
    });
    record?.add(event);
    if (attemptChannel.hasSubscribers) attemptChannel.publish(event);
  }

  /** Minimum silence before the end of a call counts against the host, in milliseconds. */
  #minSilenceMs(isAborted: boolean): number {
    const { attemptTimeoutMs } = this.#options;
    // A self-test that gives up sooner than payments do must not move them to another host.
    if (this.#terms.isSelfTest) return Math.max(MIN_SILENCE_MS, attemptTimeoutMs);
    // All merchants share the health of a host: the options of one must not lower it for the others.
    if (!isAborted) return MIN_SILENCE_MS;
    return Math.max(MIN_SILENCE_MS, Math.min(MIN_SILENCE_ON_ABORT_MS, attemptTimeoutMs / 2));
  }

  /** @returns undefined if there is nothing to retry */
  #recordFailure(failure: AttemptFailure): RetryDecision | undefined {
    const { health } = this.#options;
    const { deadline } = this.#terms;
    const { error, host, origin, silentMs, startedAt } = failure;
    const failures = this.#history;
    failures.add(failure);
    publishVerificationFailure(error, this.#terms.call);
    if (deadline.end !== undefined) {
      if (silentMs >= this.#minSilenceMs(deadline.aborted)) health.failed(host);
      else health.inconclusive(host);
      return undefined;
    }
    if (origin === 'app') failures.appFailure = error;
    const decision = retryDecision(error, origin);
    const replyError = origin === 'host' ? replyErrorOf(error) : undefined;
    failures.lastReplyError = replyError ?? failures.lastReplyError;
    if (decision?.countsAgainstHost && !this.#isAnyReply(error)) health.failed(host);
    // A page of a proxy says nothing about the host behind it.
    else if (replyError === undefined || replyError instanceof WxPayTransportError) health.inconclusive(host);
    else health.replied(host, startedAt);
    return decision;
  }

  /** Tells if the reply is a success with any content: neither the host nor a proxy is at fault. */
  #isAnyReply(error: unknown): boolean {
    const { httpStatus = 0 } = error instanceof WxPayTransportError ? error : {};
    return this.#terms.anyReply && httpStatus >= 200 && httpStatus < 300;
  }

  #isAllowed(decision: RetryDecision, { sent, error }: AttemptFailure): boolean {
    const { retried } = this.#history;
    const { effect, stopsAt4xx } = this.#terms;
    if (this.#tried.length >= this.#options.maxAttempts || (effect === 'once' && sent)) return false;
    if (stopsAt4xx && is4xx(error)) return false;
    if (decision.once && retried.includes(decision)) return false;
    retried.push(decision);
    return true;
  }

  /** @returns false, at once, if the time does not allow it */
  async #pause({ pause, retryAfterMs = 0 }: RetryDecision, nextHost: string): Promise<boolean> {
    const { deadline, hosts } = this.#terms;
    const failures = this.#history;
    const round = this.#tried.slice(failures.roundStart);
    const isRoundOver = round.length >= hosts.length && round.includes(nextHost);
    const waits = pause === 'always' || (pause === 'after-each-round' && isRoundOver);
    if (!waits) return deadline.pause(0);
    failures.roundStart = this.#tried.length;
    // Adds random jitter to Retry-After if the deadline allows it, so that calls that were refused together do not retry together.
    if (await deadline.pause(retryAfterMs + failures.backoff.next())) return true;
    return retryAfterMs > 0 && deadline.pause(retryAfterMs);
  }

  get #history(): CallFailures {
    return (this.#failures ??= new CallFailures());
  }

  #firstHost(): string {
    const { health, maxAttempts, hostRecoveryMs } = this.#options;
    const { hosts, effect } = this.#terms;
    const hasAnother = hosts.length > 1 && maxAttempts > 1 && effect !== 'once';
    return health.first(hosts, { recoveryMs: hostRecoveryMs, hasAnother });
  }

  #hostAfter({ on }: RetryDecision, last: string): string {
    const wasTriedTwice = this.#tried.at(-2) === last;
    const isSame = on === 'same' || (on === 'same-first' && !wasTriedTwice);
    return isSame ? last : this.#options.health.next(this.#terms.hosts, last);
  }

  /** Chooses the error to report: one that came with a reply is more specific than a later one without a reply. */
  #mostSpecific(error: unknown): unknown {
    const { call, deadline } = this.#terms;
    const isTimeUp = deadline.expired && !(error instanceof WxPayError);
    const sent = this.#failures?.sent ?? false;
    const failure = isTimeUp ? callTimedOut(call, { tried: this.#tried, sent, deadline }) : error;
    const specific = isWithoutReply(failure) ? (this.#failures?.lastReplyError ?? failure) : failure;
    const failed = this.#failures?.failed ?? [];
    return specific instanceof WxPayTransportError ? withAllAttempts(specific, failed) : specific;
  }
}

/** Tells if the reply has a status from 400 to 499 and is no rate limit. */
function is4xx(error: unknown): boolean {
  const { httpStatus = 0 } =
    error instanceof WxPayApiError || error instanceof WxPayTransportError ? error : {};
  return httpStatus >= 400 && httpStatus < 500 && httpStatus !== 429;
}

/** Tells if no reply was received from the host. */
function isWithoutReply(error: unknown): boolean {
  return error instanceof WxPayTransportError && error.hosts.length > 0 && error.httpStatus === undefined;
}

function replyErrorOf(error: unknown): WxPayError | undefined {
  return error instanceof WxPayError && !isWithoutReply(error) ? error : undefined;
}
