import type { Logger } from '@nestjs/common';
import { OrderTrackingError } from './order-tracking-error.js';

/** Minimum time between two log lines about the same part. A lost connection reports an error for each attempt to reconnect. */
const INTERVAL_MS = 60_000;

/** Logs the errors of queues and workers, such as lost connections to Redis; each part's at most once a minute. */
export class ErrorLog {
  readonly #logger: Logger;
  readonly #loggedAt = new Map<string, number>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @param part subject of the message, such as `The queue of merchant "eu"` */
  error(part: string, cause: unknown): void {
    const now = performance.now();
    const loggedAt = this.#loggedAt.get(part);
    if (loggedAt !== undefined && now - loggedAt < INTERVAL_MS) return;
    this.#loggedAt.set(part, now);
    // The error of the package keeps no secret of its cause.
    const { cause: reason, message } = new OrderTrackingError(`${part} reports an error`, { cause });
    this.#logger.error(`${message}: ${reason instanceof Error ? reason.message : 'unknown'}.`);
  }
}
