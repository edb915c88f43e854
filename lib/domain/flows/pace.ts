import { isRateLimit } from '../../errors/rate-limit.js';
import type { WxPayApiError } from '../../errors/wxpay-api-error.js';
import type { WxPayError } from '../../errors/wxpay-error.js';
import { attemptCall } from './attempt-call.js';
import { steadyClock, type Clock } from './clock.js';
import { pause } from './pause.js';
import type { Slot } from './slots.js';

const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

/** Returns the refusal because of a rate limit that a result is or contains; undefined if there is none. */
export type FindRateLimit<T> = (result: T | WxPayError) => WxPayApiError | undefined;

/** Options of a call at a pace. */
export interface PaceOptions<T> {
  /** Default: the result itself, if it is such a refusal. */
  readonly findRateLimit?: FindRateLimit<T>;
  /** Slot of the item that the call is made for. It is given up during pauses, and taken again for each call. */
  readonly slot?: Slot;
}

/** Pauses that all calls to one merchant share after WeChat Pay limits the rate of one of them. */
export class Pace {
  readonly #clock: Clock;
  #resumesAt = 0;
  /** Pause that all calls share, so that the signal has one listener for any number of them. */
  #pausing: Promise<void> | undefined;

  constructor(clock: Clock = steadyClock) {
    this.#clock = clock;
  }

  /**
   * Makes a call when no pause is under way, and again while WeChat Pay limits the rate, up to five times.
   *
   * @param signal ends the pauses; the same for all calls
   * @returns the result or the error of the last call
   * @throws `signal.reason` if it is aborted, and any error that is no WxPayError, which is a defect
   */
  async run<T>(
    signal: AbortSignal,
    call: () => Promise<T>,
    { findRateLimit = itself, slot }: PaceOptions<T> = {},
  ): Promise<T | WxPayError> {
    for (let attempt = 1; ; attempt++) {
      await this.#wait(signal, slot);
      const result = await attemptCall(signal, call);
      const limit = findRateLimit(result);
      if (limit === undefined) return result;
      this.#slow(limit.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (attempt - 1));
      if (attempt === MAX_ATTEMPTS) return result;
    }
  }

  #slow(ms: number): void {
    this.#resumesAt = Math.max(this.#resumesAt, this.#clock() + Math.min(ms, MAX_PAUSE_MS));
  }

  async #wait(signal: AbortSignal, slot: Slot | undefined): Promise<void> {
    await slot?.take();
    for (let ms; (ms = this.#resumesAt - this.#clock()) > 0;) {
      this.#pausing ??= pause(ms, signal).finally(() => (this.#pausing = undefined));
      slot?.giveUp();
      await this.#pausing;
      // Before the time is compared again: while the item waited for its slot, another one may have been limited.
      await slot?.take();
    }
    signal.throwIfAborted();
  }
}

function itself(result: unknown): WxPayApiError | undefined {
  return isRateLimit(result) ? result : undefined;
}
