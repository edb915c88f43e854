import { Queue } from 'bullmq';
import type { ConnectedPart, ErrorLog } from './error-log.js';
import { isFulfilledWithin } from './is-fulfilled-within.js';
import type { ResolvedTrackingOptions } from './tracking-options.js';

/** Time for which closing waits for Redis, in milliseconds. */
const CLOSE_TIMEOUT_MS = 1_000;
/** Time for which the error of a connection counts as recent, in milliseconds: BullMQ connects again after 20 seconds at most. */
const RECENT_MS = 30_000;

/** Log of errors, and the part as which the queue is named there. */
export interface ErrorReceiver {
  readonly part: ConnectedPart;
  readonly log: ErrorLog;
}

interface ConnectionError {
  readonly error: unknown;
  /** `performance.now()` at which it was reported. */
  readonly at: number;
}

/** A queue of BullMQ, connected or not, and the errors of its connection. */
export class OpenQueue<Data = unknown, Result = unknown> {
  readonly queue: Queue<Data, Result>;
  readonly #onError: (error: unknown) => void;
  #lastError: ConnectionError | undefined;

  constructor(
    name: string,
    { connection, prefix }: Pick<ResolvedTrackingOptions, 'connection' | 'prefix'>,
    { part, log }: ErrorReceiver,
  ) {
    this.queue = new Queue<Data, Result>(name, { connection, prefix });
    this.#onError = (error) => {
      this.#lastError = { error, at: performance.now() };
      log.error(part, error);
    };
    // Without a listener, Node ends the process.
    this.queue.on('error', this.#onError);
  }

  /** Returns the last error of the connection, if it is recent. */
  recentError(): unknown {
    const last = this.#lastError;
    return last !== undefined && performance.now() - last.at < RECENT_MS ? last.error : undefined;
  }

  /** Closes the connection; jobs stay in Redis. */
  async close(): Promise<void> {
    const isClosed = await isFulfilledWithin(CLOSE_TIMEOUT_MS, this.queue.close());
    // While Redis is away, commands that wait for it keep the connection open. Disconnecting then is immediate; there is nothing to wait for.
    if (!isClosed) this.queue.disconnect().catch(this.#onError);
  }
}
