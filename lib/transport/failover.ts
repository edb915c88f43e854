import type { CallContext } from '../errors/call-context.js';
import { WxPayError } from '../errors/wxpay-error.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';
import { HostAttempt } from './attempt.js';
import { Backoff } from './backoff.js';
import type { Deadline } from './deadline.js';
import { leavesOutcomeOpen, tellsState, unknownAfter, type Effect } from './effect.js';
import { ofAll, reasonOf, type FailedAttempt } from './failed-attempts.js';
import { timedOut } from './failures.js';
import type { Gate } from './gate.js';
import type { HostHealth } from './host-health.js';
import { repeatAfter, type Repeat } from './repeat.js';

export interface FailoverOptions {
  readonly call: CallContext;
  readonly effect: Effect;
  /** Whether a success may be anything, a file for example, which says nothing of the host. */
  readonly anyReply: boolean;
  readonly deadline: Deadline;
  readonly gate: Gate;
  /** How many attempts the gate lets run at a time. */
  readonly maxInFlight: number;
  /** By preference. */
  readonly hosts: readonly string[];
  readonly health: HostHealth;
  readonly attemptTimeoutMs: number;
  readonly maxAttempts: number;
  readonly hostRecoveryMs: number;
}

/** A host that was silent for so long is to blame, however much longer it might have had. */
const FAIR_MS = 300;

/** The same where the caller gave up, and not its time: whoever leaves at once says nothing of the host. */
const FAIR_TO_LEAVE_MS = 1_000;

/** The attempts of one call that has a place inside the gate: how many, on which hosts, with which pauses. */
export class Failover {
  readonly #options: FailoverOptions;
  /** The host of each attempt so far. */
  readonly #asked: string[] = [];
  readonly #failed: FailedAttempt[] = [];
  /** How many attempts were made when the call paused last. */
  #roundStart = 0;
  readonly #backoff = new Backoff();
  /** What was already repeated once. */
  readonly #repeated: Repeat[] = [];
  /** Whether any of them may have received a request. */
  #mayHaveArrived = false;
  /** Whether any of them may have been carried out. */
  #isOutcomeOpen = false;
  #lastAnswer: WxPayError | undefined;
  #lastFailure: unknown;
  /** The failure of the app's own signer or verifier. */
  #ownFailure: unknown;

  constructor(options: FailoverOptions) {
    this.#options = options;
  }

  /**
   * Gives the place back, too.
   *
   * @throws `signal.reason` when the caller gives up; else the failure that tells most
   */
  async run<T>(work: (attempt: HostAttempt) => Promise<T>): Promise<T> {
    try {
      return await this.#attempts(work);
    } catch (error) {
      throw this.#verdict(error);
    }
  }

  async #attempts<T>(work: (attempt: HostAttempt) => Promise<T>): Promise<T> {
    const { health, gate, maxInFlight, deadline } = this.#options;
    for (let host = this.#firstHost(); ;) {
      const attempt = this.#attemptOn(host);
      let repeat: Repeat | undefined;
      try {
        const result = await work(attempt);
        health.answered(attempt.host, attempt.beganAt);
        return result;
      } catch (error) {
        repeat = this.#learn(error, attempt);
        if (repeat === undefined || !this.#isAllowed(repeat, attempt)) throw error;
        this.#lastFailure = error;
      } finally {
        gate.leave();
      }
      host = this.#nextHost(repeat, host);
      if (!(await this.#pause(repeat, host))) throw this.#lastFailure;
      await gate.enter(deadline, maxInFlight);
    }
  }

  #attemptOn(host: string): HostAttempt {
    const { call, effect, deadline, health, attemptTimeoutMs, maxAttempts } = this.#options;
    const isLast = this.#asked.push(host) >= maxAttempts;
    // A call that is given less time than one attempt may take divides it, so that a second one fits in.
    const ownMs = attemptTimeoutMs < deadline.timeoutMs ? attemptTimeoutMs : deadline.timeoutMs / 2;
    const fairMs = this.#fairMs(false);
    const patienceMs = isLast ? undefined : ownMs;
    const isEndlessOnceSent = effect === 'once';
    return new HostAttempt({
      call,
      host,
      beganAt: health.now(),
      deadline,
      patienceMs,
      isEndlessOnceSent,
      fairMs,
      wasSentBefore: this.#mayHaveArrived,
    });
  }

  /** How long a host has to be silent until that counts against it. */
  #fairMs(isAbandoned: boolean): number {
    // All merchants share what is known of a host: the options of one must not lower it for the others.
    if (!isAbandoned) return FAIR_MS;
    return Math.max(FAIR_MS, Math.min(FAIR_TO_LEAVE_MS, this.#options.attemptTimeoutMs / 2));
  }

  /** Remembers what the failure says about the host. @returns what is to be done; undefined for nothing */
  #learn(error: unknown, attempt: HostAttempt): Repeat | undefined {
    const { deadline, health } = this.#options;
    this.#failed.push({ host: attempt.host, reason: reasonOf(error, attempt.mayHaveArrived) });
    this.#mayHaveArrived ||= attempt.mayHaveArrived;
    this.#isOutcomeOpen ||= attempt.mayHaveArrived && leavesOutcomeOpen(error);
    if (deadline.expired || deadline.abandoned) {
      if (attempt.wasSilentFor(this.#fairMs(deadline.abandoned))) health.failed(attempt.host);
      else health.leftOpen(attempt.host);
      return undefined;
    }
    if (attempt.excuse === 'port') this.#ownFailure = error;
    const repeat = repeatAfter(error, attempt.excuse);
    const answer = attempt.excuse === undefined ? answerIn(error) : undefined;
    this.#lastAnswer = answer ?? this.#lastAnswer;
    if (repeat?.countsAgainstHost && !this.#isAnyReply(error)) health.failed(attempt.host);
    // A page of something in between says nothing of the host behind it.
    else if (answer === undefined || answer instanceof WxPayTransportError) health.leftOpen(attempt.host);
    else health.answered(attempt.host, attempt.beganAt);
    return repeat;
  }

  /** Whether it is a success that may be anything: neither the host nor something on the way did wrong. */
  #isAnyReply(error: unknown): boolean {
    const { httpStatus = 0 } = error instanceof WxPayTransportError ? error : {};
    return this.#options.anyReply && httpStatus >= 200 && httpStatus < 300;
  }

  #isAllowed(repeat: Repeat, { mayHaveArrived }: HostAttempt): boolean {
    const { maxAttempts, effect } = this.#options;
    if (this.#asked.length >= maxAttempts || (effect === 'once' && mayHaveArrived)) return false;
    if (repeat.once && this.#repeated.includes(repeat)) return false;
    this.#repeated.push(repeat);
    return true;
  }

  /** @returns false, at once, if the time does not allow it */
  async #pause({ pause, retryAfterMs = 0 }: Repeat, nextHost: string): Promise<boolean> {
    const { deadline, hosts } = this.#options;
    const round = this.#asked.slice(this.#roundStart);
    const isRoundOver = round.length >= hosts.length && round.includes(nextHost);
    const waits = pause === 'always' || (pause === 'after-each-round' && isRoundOver);
    if (!waits) return deadline.pause(0);
    this.#roundStart = this.#asked.length;
    // Later than asked, where the time allows it: calls that were refused together are not to come back together.
    if (await deadline.pause(retryAfterMs + this.#backoff.next())) return true;
    return retryAfterMs > 0 && deadline.pause(retryAfterMs);
  }

  #firstHost(): string {
    const { health, hosts, effect, maxAttempts, hostRecoveryMs } = this.#options;
    const hasAnother = maxAttempts > 1 && effect !== 'once';
    return health.first(hosts, { recoveryMs: hostRecoveryMs, hasAnother });
  }

  #nextHost({ on }: Repeat, last: string): string {
    const { health, hosts } = this.#options;
    const hadTwoTurns = this.#asked.at(-2) === last;
    const isSame = on === 'same' || (on === 'same-first' && !hadTwoTurns);
    return isSame ? last : health.next(hosts, last);
  }

  /** The failure of the call, with what is known of its outcome. */
  #verdict(error: unknown): unknown {
    const { effect, deadline } = this.#options;
    if (deadline.abandoned) return error;
    const failure = error === this.#ownFailure ? error : this.#tellingMost(error);
    if (!this.#isOutcomeOpen || !(failure instanceof WxPayError) || tellsState(failure)) return failure;
    return unknownAfter(failure, effect);
  }

  /** An answer tells more than a silence that came after it. */
  #tellingMost(error: unknown): unknown {
    const { call, deadline } = this.#options;
    const isTimeUp = deadline.expired && !(error instanceof WxPayError);
    const course = { asked: this.#asked, mayHaveArrived: this.#mayHaveArrived, deadline };
    const failure = isTimeUp ? timedOut(call, course) : error;
    const verdict = isSilence(failure) ? (this.#lastAnswer ?? failure) : failure;
    return verdict instanceof WxPayTransportError ? ofAll(verdict, this.#failed) : verdict;
  }
}

/** Nothing came back from the host that was asked. */
function isSilence(error: unknown): boolean {
  return error instanceof WxPayTransportError && error.hosts.length > 0 && error.httpStatus === undefined;
}

function answerIn(error: unknown): WxPayError | undefined {
  return error instanceof WxPayError && !isSilence(error) ? error : undefined;
}
