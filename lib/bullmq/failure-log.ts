import type { Logger } from '@nestjs/common';
import type { WxPayError } from '../index.js';

/** Number of consecutive failures from which on an order is reported: after more than a minute of pauses. */
const MIN_FAILURES = 5;
/** Minimum time between two lines: in an outage all orders of a merchant fail. */
const INTERVAL_MS = 60_000;

/** Logs orders and refunds of a merchant whose steps keep failing: one line a minute. */
export class FailureLog {
  readonly #logger: Logger;
  readonly #merchant: string;
  #loggedAt = -INTERVAL_MS;

  constructor(logger: Logger, merchant: string) {
    this.#logger = logger;
    this.#merchant = merchant;
  }

  /** @param subject such as `order T1` */
  report(subject: string, failures: number, failure: WxPayError): void {
    const now = performance.now();
    if (failures < MIN_FAILURES || now - this.#loggedAt < INTERVAL_MS) return;
    this.#loggedAt = now;
    this.#logger.warn(
      `The state of ${subject} of merchant "${this.#merchant}" is unknown after ${failures} failures in a row, and is asked again: ${failure.message} This line comes once a minute, however many orders fail.`,
    );
  }
}
