import { Logger } from '@nestjs/common';
import { Worker, type WorkerOptions } from 'bullmq';
import { LogEntry } from '../errors/log-entry.js';
import { endsWithin } from './ends-within.js';
import { FailureLog } from './failure-log.js';
import { ErrorLog } from './error-log.js';
import { processJob, type ProcessorParts, type TrackingJob } from './job-processor.js';
import type { OrderJobData } from './order-job.js';
import type { OrderQueue, Settled } from './order-queues.js';
import { LostCompletions } from './lost-completions.js';
import type { RefundJobData } from './refund-job.js';
import type { ResolvedTrackingOptions } from './tracking-options.js';

/** A job may outlive that many killed processes: BullMQ counts them over its whole life. */
const MAX_STALLED_COUNT = 1_000;
/** Time for which completed jobs are kept, so that an order that is tracked again is not settled again: an hour. */
const KEEP_COMPLETED = { age: 3_600, count: 10_000 };
/** Maximum pause between two calls of a failing handler. */
const MAX_BACKOFF_MS = 600_000;
/** Time for which closing waits for running steps, in milliseconds. */
const CLOSE_TIMEOUT_MS = 20_000;
/** Time for which closing waits for an answer of Redis, in milliseconds. */
const REACH_TIMEOUT_MS = 1_000;

/** Works on the queue of one merchant. */
export class OrderWorker {
  readonly #worker: Worker<OrderJobData | RefundJobData, Settled>;
  readonly #lost: LostCompletions;
  readonly #logger = new Logger('OrderTracking');
  readonly #log = new ErrorLog(this.#logger);
  readonly #queue: OrderQueue;
  readonly #merchant: string;

  constructor(shared: Omit<ProcessorParts, 'failures'>, options: ResolvedTrackingOptions) {
    const parts = { ...shared, failures: new FailureLog(this.#logger, shared.merchant) };
    this.#merchant = parts.merchant;
    this.#queue = parts.queue;
    const onError = (error: unknown): void =>
      this.#log.error(`The worker of merchant "${this.#merchant}"`, error);
    this.#worker = new Worker(
      parts.queue.name,
      // Two parameters: BullMQ passes a signal to a function of three.
      (job: TrackingJob, token?: string) => processJob(parts, job, token),
      workerOptions(options),
    );
    this.#worker.on('error', onError);
    this.#worker.on('failed', (job, error) => this.#logFailure(job, error));
    this.#lost = new LostCompletions(parts.queue, options, { onError, logger: this.#logger });
  }

  /** Begins to work, also while Redis is away: the worker then waits for it. */
  start(): void {
    this.#worker
      .run()
      .catch((error: unknown) => this.#log.error(`The worker of merchant "${this.#merchant}"`, error));
    this.#lost.start();
  }

  /** Stops fetching jobs, and waits for the steps that are under way, unless Redis is away: then they cannot end. */
  async close(): Promise<void> {
    const isForced = !(await isReachable(this.#queue));
    const closing = Promise.all([this.#worker.close(isForced), this.#lost.close()]);
    // BullMQ waits for ever for the end of a connection that was lost.
    const isClosed = await endsWithin(isForced ? REACH_TIMEOUT_MS : CLOSE_TIMEOUT_MS, closing);
    if (isClosed || isForced) return;
    this.#logger.warn(
      `The steps of merchant "${this.#merchant}" did not end within ${CLOSE_TIMEOUT_MS} ms. Another process repeats them.`,
    );
  }

  #logFailure(job: TrackingJob | undefined, error: Error): void {
    const what = `Job ${job?.id}`;
    const fields = { merchant: this.#merchant, jobId: job?.id };
    const cause = error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message;
    // BullMQ sets the time only if the job is not retried.
    if (job?.finishedOn === undefined) {
      this.#logger.warn(new LogEntry(`${what} is retried: ${cause}`, fields));
      return;
    }
    this.#logger.error(
      new LogEntry(
        `${what} is parked: ${cause} Call OrderTracker.retry(key) once the cause is gone.`,
        fields,
      ),
    );
  }
}

function workerOptions(options: ResolvedTrackingOptions): WorkerOptions {
  const { connection, prefix, concurrency, rateLimit, handlerBackoffMs, stalledAfterMs } = options;
  return {
    connection,
    prefix,
    concurrency,
    autorun: false,
    maxStalledCount: MAX_STALLED_COUNT,
    lockDuration: stalledAfterMs,
    stalledInterval: stalledAfterMs,
    limiter: { max: rateLimit.max, duration: rateLimit.durationMs },
    removeOnComplete: KEEP_COMPLETED,
    settings: {
      backoffStrategy: (attemptsMade) => Math.min(handlerBackoffMs * 2 ** (attemptsMade - 1), MAX_BACKOFF_MS),
    },
  };
}

/** Tells whether Redis answers. */
function isReachable(queue: OrderQueue): Promise<boolean> {
  return endsWithin(REACH_TIMEOUT_MS, queue.getActiveCount());
}
