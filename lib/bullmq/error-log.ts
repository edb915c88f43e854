import type { Logger } from '@nestjs/common';
import { LogEntry } from '../errors/log-entry.js';
import { safeCause } from '../errors/safe-cause.js';

/** Minimum time between two log lines about the same part. A lost connection reports an error for each attempt to reconnect. */
const INTERVAL_MS = 60_000;

/** A part of order tracking that is connected to Redis. */
export interface ConnectedPart {
  /** Subject of the message, such as `The queue`. */
  readonly subject: string;
  /** The registered name of its merchant; absent if it belongs to none. */
  readonly merchant?: string | undefined;
}

/** Logs the errors of queues and workers, such as lost connections to Redis; each part's at most once a minute. */
export class ErrorLog {
  readonly #logger: Logger;
  readonly #loggedAt = new Map<string, number>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  error({ subject, merchant }: ConnectedPart, cause: unknown): void {
    const now = performance.now();
    const part = JSON.stringify([subject, merchant]);
    const loggedAt = this.#loggedAt.get(part);
    if (loggedAt !== undefined && now - loggedAt < INTERVAL_MS) return;
    this.#loggedAt.set(part, now);
    const message = `${subject} reports an error: ${safeCause(cause).message}.`;
    this.#logger.error(new LogEntry(message, { merchant }));
  }
}
