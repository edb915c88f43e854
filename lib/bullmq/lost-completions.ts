import type { Logger } from '@nestjs/common';
import { QueueEvents } from 'bullmq';
import type { OrderQueue } from './order-queues.js';
import type { ResolvedTrackingOptions } from './tracking-options.js';

/** Receivers of problems and of put-back jobs. */
export interface LostCompletionLog {
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
  readonly #events: QueueEvents;
  readonly #log: LostCompletionLog;
  #count = 0;

  constructor(queue: OrderQueue, { connection, prefix }: ResolvedTrackingOptions, log: LostCompletionLog) {
    this.#queue = queue;
    this.#log = log;
    this.#events = new QueueEvents(queue.name, {
      connection,
      prefix,
      autorun: false,
      // From the oldest event that Redis keeps, so that completions during a restart are noticed.
      lastEventId: '0',
    });
    this.#events.on('error', log.onError);
    this.#events.on('completed', ({ jobId, returnvalue }) => {
      if (!isOurs(returnvalue)) this.#putBack(jobId).catch(log.onError);
    });
  }

  start(): void {
    this.#events.run().catch(this.#log.onError);
  }

  async close(): Promise<void> {
    await this.#events.close();
  }

  async #putBack(jobId: string): Promise<void> {
    const job = await this.#queue.getJob(jobId);
    // An event of the past, or another process was faster.
    if (job === undefined || isOurs(job.returnvalue) || !(await job.isCompleted())) return;
    try {
      await job.retry('completed', { resetAttemptsMade: true });
    } catch (error) {
      if (!(await job.isCompleted())) return;
      throw error;
    }
    this.#count++;
    this.#log.logger.warn(
      `Job ${jobId} of queue ${this.#queue.name} was completed by something other than this module, and is put back: ${this.#count} since this process started. Check for other workers on the queue.`,
    );
  }
}

/** Tells whether a completed job returned the value of this module. */
function isOurs(returnvalue: unknown): boolean {
  return typeof returnvalue === 'object' && returnvalue !== null && 'settled' in returnvalue;
}
