import { Logger } from '@nestjs/common';
import { Worker, type WorkerOptions } from 'bullmq';
import { LogEntry } from '../errors/log-entry.js';
import { redact } from '../errors/redact.js';
import { framesOf, nameOf } from '../errors/safe-cause.js';
import { orderKey, refundKey } from '../index.js';
import { doublingPauseMs } from '../rules/doubling-pause.js';
import { isFulfilledWithin } from './is-fulfilled-within.js';
import { FailureLog } from './failure-log.js';
import { ErrorLog } from './error-log.js';
import { processJob, type ProcessorParts, type TrackingJob } from './job-processor.js';
import { decodeOrderJob, type OrderJobData } from './order-job.js';
import type { OrderQueue, Settled } from './order-queues.js';
import { KEEP_COMPLETED_SECONDS, LostCompletions } from './lost-completions.js';
import { decodeRefundJob, type RefundJobData } from './refund-job.js';
import { isRefundData } from './tracked-state.js';
import type { ResolvedTrackingOptions } from './tracking-options.js';

/** Number of times that a job may be taken over from a killed process. BullMQ never resets this count, so its default of 1 fails long-lived jobs. */
const MAX_STALLED_COUNT = 1_000;
/**
 * Time in milliseconds after which a worker looks again if the rate is still limited. It is shorter than BullMQ's default of 30 seconds
 * because closing waits for it.
 */
const MAX_LIMIT_DELAY_MS = 2_000;
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
    const onError = (error: unknown): void => this.#logError(error);
    this.#worker = new Worker(
      parts.queue.name,
      // Two parameters: BullMQ passes a signal to a function of three.
      (job: TrackingJob, token?: string) => processJob(parts, job, token),
      workerOptions(options),
    );
    this.#worker.on('error', onError);
    this.#worker.on('failed', (job, error) => this.#logFailure(job, error));
    this.#lost = new LostCompletions(parts.queue, options, {
      merchant: this.#merchant,
      onError,
      logger: this.#logger,
    });
  }

  /** Begins to work, also while Redis is away: the worker then waits for it. */
  start(): void {
    this.#worker.run().catch((error: unknown) => this.#logError(error));
    this.#lost.start();
  }

  /** Stops fetching jobs, and waits for the steps that are under way, unless Redis is away: then they cannot end. */
  async close(): Promise<void> {
    const hasRedis = await isReachable(this.#queue);
    const hasEnded = hasRedis && (await isFulfilledWithin(CLOSE_TIMEOUT_MS, this.#worker.pause()));
    if (hasRedis && !hasEnded) {
      const message = `The steps under way did not end within ${CLOSE_TIMEOUT_MS} ms, and are given up. Another process repeats them.`;
      this.#logger.warn(new LogEntry(message, { merchant: this.#merchant }));
    }
    // By force, BullMQ no longer extends the locks of what still runs, so that another process takes it over.
    const closing = Promise.all([this.#worker.close(!hasEnded), this.#lost.close()]);
    // BullMQ waits for ever for the end of a connection that was lost.
    await isFulfilledWithin(REACH_TIMEOUT_MS, closing);
  }

  #logError(error: unknown): void {
    this.#log.error({ subject: 'The worker of tracked orders', merchant: this.#merchant }, error);
  }

  #logFailure(job: TrackingJob | undefined, error: Error): void {
    const what = `Job ${job?.id}`;
    const { text, stack } = describe(error);
    const key = job === undefined ? undefined : keyOf(this.#merchant, job.data);
    const fields = { merchant: this.#merchant, jobId: job?.id, key, stack };
    // BullMQ sets the time only if the job is not retried.
    if (job?.finishedOn === undefined) {
      this.#logger.warn(new LogEntry(`${what} is retried: ${text}`, fields));
      return;
    }
    this.#logger.error(
      new LogEntry(
        `${what} is parked: ${text} Once the cause is gone, call OrderTracker.retry("${key}").`,
        fields,
      ),
    );
  }
}

/** Returns the key that `OrderTracker.retry` takes. */
function keyOf(merchant: string, data: OrderJobData | RefundJobData): string {
  return isRefundData(data)
    ? refundKey(merchant, decodeRefundJob(data).ref)
    : orderKey(merchant, decodeOrderJob(data).ref);
}

/** Describes a failure without the message of the app's own error, which may contain personal data. */
function describe({ message, cause }: Error): { readonly text: string; readonly stack?: string | undefined } {
  if (!(cause instanceof Error)) return { text: message };
  const code = 'code' in cause ? ` with the code ${redact(String(cause.code))}` : '';
  const text = `${message} It threw ${nameOf(cause)}${code}.`;
  return { text, stack: framesOf(cause).join('\n') || undefined };
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
    maximumRateLimitDelay: MAX_LIMIT_DELAY_MS,
    removeOnComplete: { age: KEEP_COMPLETED_SECONDS },
    settings: { backoffStrategy: (attemptsMade) => doublingPauseMs(handlerBackoffMs, attemptsMade) },
  };
}

/** Tells whether Redis answers. */
function isReachable(queue: OrderQueue): Promise<boolean> {
  return isFulfilledWithin(REACH_TIMEOUT_MS, queue.getActiveCount());
}
