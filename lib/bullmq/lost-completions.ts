import { channel } from 'node:diagnostics_channel';
import type { Logger } from '@nestjs/common';
import { QueueEvents } from 'bullmq';
import { LogEntry } from '../errors/log-entry.js';
import { WXPAY_CHANNELS, type LostCompletionEvent } from '../index.js';
import type { OrderQueue } from './order-queues.js';
import type { ResolvedTrackingOptions } from './tracking-options.js';

const lostCompletions = channel(WXPAY_CHANNELS.lostCompletion);

/** Time for which workers keep completed jobs, so that an order that is tracked again is not settled again: an hour. */
export const KEEP_COMPLETED_SECONDS = 3_600;

/** Receivers of problems and of put-back jobs. */
export interface LostCompletionLog {
  /** The registered name of the merchant whose queue it is. */
  readonly merchant: string;
  readonly onError: (error: unknown) => void;
  readonly logger: Logger;
}

/**
 * Puts jobs back that something else completed: a worker of another app on the same queue, or a defect of BullMQ. Such a job ended
 * without the value that this module returns, so that the outcome of its order was not told.
 *
 * It follows the events of the queue, so that it notices completions by every process.
 */
export class LostCompletions {
  readonly #queue: OrderQueue;
  readonly #options: ResolvedTrackingOptions;
  readonly #log: LostCompletionLog;
  readonly #startedAt = Date.now();
  #events: QueueEvents | undefined;
  #isClosed = false;
  #count = 0;

  constructor(queue: OrderQueue, options: ResolvedTrackingOptions, log: LostCompletionLog) {
    this.#queue = queue;
    this.#options = options;
    this.#log = log;
  }

  start(): void {
    this.#follow().catch((error: unknown) => {
      if (!this.#isClosed) this.#log.onError(error);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#events?.close();
  }

  async #follow(): Promise<void> {
    // Once Redis has answered: BullMQ cannot close QueueEvents that never reached it, which keep the process from ending.
    await this.#queue.getActiveCount();
    if (this.#isClosed) return;
    const { connection, prefix } = this.#options;
    this.#events = new QueueEvents(this.#queue.name, {
      connection,
      prefix,
      autorun: false,
      // From the past, so that completions during a restart are noticed.
      lastEventId: `${this.#startedAt - KEEP_COMPLETED_SECONDS * 1_000}-0`,
    });
    this.#events.on('error', this.#log.onError);
    this.#events.on('completed', ({ jobId, returnvalue }, eventId) => {
      if (!isOurs(returnvalue)) this.#putBack(jobId, timeOf(eventId)).catch(this.#log.onError);
    });
    await this.#events.run();
  }

  async #putBack(jobId: string, completedAt: number): Promise<void> {
    const job = await this.#queue.getJob(jobId);
    if (job === undefined) {
      // A job of the past may have been put back, settled and forgotten.
      if (completedAt >= this.#startedAt) this.#reportRemoved(jobId);
      return;
    }
    // Another process was faster.
    if (isOurs(job.returnvalue) || !(await job.isCompleted())) return;
    try {
      await job.retry('completed', { resetAttemptsMade: true });
    } catch (error) {
      if (!(await job.isCompleted())) return;
      throw error;
    }
    this.#count++;
    if (lostCompletions.hasSubscribers) {
      lostCompletions.publish({ merchant: this.#log.merchant, jobId } satisfies LostCompletionEvent);
    }
    const message = `Job ${jobId} of queue ${this.#queue.name} was completed by something other than this module, and is put back: ${this.#count} since this process started. Check for other workers on the queue.`;
    this.#log.logger.warn(new LogEntry(message, { merchant: this.#log.merchant, jobId }));
  }

  #reportRemoved(jobId: string): void {
    const message = `Job ${jobId} of queue ${this.#queue.name} was completed and removed by something other than this module: its order is tracked no longer. Track it again, and check for other workers on the queue.`;
    this.#log.logger.error(new LogEntry(message, { merchant: this.#log.merchant, jobId }));
  }
}

/** Returns the time of an event in milliseconds since the epoch, on the clock of Redis. */
function timeOf(eventId: string): number {
  return Number(eventId.split('-', 1)[0]);
}

/** Tells whether a completed job returned the value of this module. */
function isOurs(returnvalue: unknown): boolean {
  return typeof returnvalue === 'object' && returnvalue !== null && 'settled' in returnvalue;
}
