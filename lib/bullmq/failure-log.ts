import type { Logger } from '@nestjs/common';
import { LogEntry } from '../errors/log-entry.js';
import { safeCause } from '../errors/safe-cause.js';
import type { WxPayError } from '../index.js';

/** Number of consecutive failures from which on an order is reported: after more than a minute of pauses. */
const MIN_FAILURES = 5;
/** Minimum time between two lines: in an outage all orders of a merchant fail. */
const INTERVAL_MS = 60_000;

/**
 * Logs orders and refunds of a merchant whose steps keep failing, the limits of its rate, and steps that Redis does not save: one
 * line a minute of each kind. Calls of the handler that take long are logged once each, so that each order is named.
 */
export class FailureLog {
  readonly #logger: Logger;
  readonly #merchant: string;
  #loggedAt = -INTERVAL_MS;
  #limitLoggedAt = -INTERVAL_MS;
  #unsavedLoggedAt = -INTERVAL_MS;

  constructor(logger: Logger, merchant: string) {
    this.#logger = logger;
    this.#merchant = merchant;
  }

  /** @param subject such as `order T1` */
  report(subject: string, failures: number, failure: WxPayError): void {
    const now = performance.now();
    if (failures < MIN_FAILURES || now - this.#loggedAt < INTERVAL_MS) return;
    this.#loggedAt = now;
    const message = `The state of ${subject} is still unknown after ${failures} consecutive failures: ${failure.message} This line is logged at most once a minute for each merchant.`;
    this.#logger.warn(new LogEntry(message, { merchant: this.#merchant, failures }));
  }

  /** @param pauseMs time for which nothing is asked about the orders and refunds of the merchant */
  reportLimit(pauseMs: number, failure: WxPayError): void {
    const now = performance.now();
    if (now - this.#limitLoggedAt < INTERVAL_MS) return;
    this.#limitLoggedAt = now;
    const message = `WeChat Pay limits the rate, and is asked about no order or refund for ${pauseMs} ms: ${failure.message} If this lasts, lower rateLimit. This line is logged at most once a minute for each merchant.`;
    this.#logger.warn(new LogEntry(message, { merchant: this.#merchant, pauseMs }));
  }

  /** Reports a step whose result Redis refused. */
  reportUnsaved(error: unknown): void {
    const now = performance.now();
    if (now - this.#unsavedLoggedAt < INTERVAL_MS) return;
    this.#unsavedLoggedAt = now;
    const message = `Redis did not save the result of a step, which is repeated: ${safeCause(error).message}. If its memory is full, raise maxmemory. This line is logged at most once a minute for each merchant.`;
    this.#logger.error(new LogEntry(message, { merchant: this.#merchant }));
  }

  /**
   * Reports a call of the handler that has not returned. It needs no limit: such a call holds one of the `concurrency` places of
   * the worker, so that there are at most that many lines in `afterMs`.
   *
   * @param subject such as `order T1`
   */
  reportSlowHandler(subject: string, afterMs: number): void {
    const message = `The handler has not returned ${afterMs / 60_000} minutes after it was called with the outcome of ${subject}. No other process takes over before it does: set timeouts for the calls that it makes.`;
    this.#logger.warn(new LogEntry(message, { merchant: this.#merchant }));
  }
}
