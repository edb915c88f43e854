import { DelayedError, UnrecoverableError, Worker, type Job } from 'bullmq';
import type { FailureLog } from './failure-log.js';
import type { JobSteps } from './job-steps.js';
import { limitPauseMs } from './job-steps.js';
import type { OrderJobData } from './order-job.js';
import type { OrderQueue, Settled } from './order-queues.js';
import type { OrderSteps } from './order-steps.js';
import { OrderTrackingError } from './order-tracking-error.js';
import type { RefundJobData } from './refund-job.js';
import type { RefundSteps } from './refund-steps.js';
import { reportIfSlow } from './report-if-slow.js';

/** Time after which a call of the handler is reported: it takes one of the places for concurrent steps. */
const SLOW_HANDLER_MS = 300_000;

/** Job of an order or a refund. */
export type TrackingJob = Job<OrderJobData | RefundJobData, Settled>;

/** The parts that a processor works with. */
export interface ProcessorParts {
  readonly merchant: string;
  readonly queue: OrderQueue;
  readonly orders: OrderSteps;
  readonly refunds: RefundSteps;
  readonly now: () => Date;
  /** Time for which a step holds its job before BullMQ extends it, in milliseconds. */
  readonly lockMs: number;
  readonly failures: FailureLog;
}

/**
 * Makes the next step of a job: asks WeChat Pay and postpones the job, or delivers the outcome to the handler.
 *
 * The outcome is saved before the handler is called. A job whose handler failed comes here again with the outcome, so that
 * WeChat Pay is not asked again. Only a failing handler uses up attempts of the job, because postponing does not.
 *
 * @param token proof that this process holds the job
 * @throws {DelayedError} once the job is postponed, which tells BullMQ to leave it there
 * @throws {RateLimitError} once the queue is paused, which tells BullMQ to put the job back
 * @throws {UnrecoverableError} if asking again does not help: the job is parked
 * @throws {OrderTrackingError} if the handler failed: the job is retried
 * @throws {WxPayConfigError} if the outcome is that of another merchant: the job is retried
 */
export async function processJob(parts: ProcessorParts, job: TrackingJob, token?: string): Promise<Settled> {
  const { data } = job;
  return 'rno' in data
    ? advance(parts, parts.refunds, job, data, token)
    : advance(parts, parts.orders, job, data, token);
}

async function advance<Data extends OrderJobData | RefundJobData>(
  parts: ProcessorParts,
  steps: JobSteps<Data>,
  job: TrackingJob,
  data: Data,
  token: string | undefined,
): Promise<Settled> {
  const { merchant, now } = parts;
  if (steps.nextAt(data, now()) === undefined) return deliver(parts, steps, data);
  const asked = await steps.ask(merchant, data);
  const pauseMs = limitPauseMs(asked.failure);
  if (asked.failure !== undefined && pauseMs !== undefined) {
    await keep(parts, () => parts.queue.rateLimit(pauseMs));
    parts.failures.reportLimit(pauseMs, asked.failure);
    // The job goes back as it was: a limit of the rate says nothing about its order, which is next when the pause ends.
    if (asked.park === undefined) throw Worker.RateLimitError();
  }
  await keep(parts, () => save(job, asked.data, token, parts.lockMs));
  if (asked.failure !== undefined && pauseMs === undefined) {
    parts.failures.report(steps.subject(data), asked.data.fails ?? 0, asked.failure);
  }
  if (asked.park !== undefined) throw new UnrecoverableError(`${steps.subject(data)}: ${asked.park}`);
  const nextAt = steps.nextAt(asked.data, now());
  if (nextAt === undefined) return deliver(parts, steps, asked.data);
  await keep(parts, () => job.moveToDelayed(nextAt.getTime(), token));
  throw new DelayedError();
}

/**
 * Runs a command that keeps the result of a step. If Redis refuses it, for example because its memory is full, the job is left as it
 * is: when its lock ends, a worker repeats the step. A failure would use up an attempt of the handler.
 *
 * @throws {DelayedError} if Redis refused it, which tells BullMQ to leave the job alone
 */
async function keep({ failures }: ProcessorParts, command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (error instanceof DelayedError) throw error;
    failures.reportUnsaved(error);
    throw new DelayedError();
  }
}

/**
 * Saves the data of a job that this process still holds. A process that was cut off from Redis for long has lost the job to another
 * one, whose outcome it must not overwrite: BullMQ itself writes data without looking at the lock.
 *
 * @throws {DelayedError} if the job was lost, which tells BullMQ to leave it to the other process
 */
async function save(
  job: TrackingJob,
  data: OrderJobData | RefundJobData,
  token: string | undefined,
  lockMs: number,
): Promise<void> {
  const isHeld = token !== undefined && (await job.extendLock(token, lockMs)) === 1;
  if (!isHeld) throw new DelayedError();
  await job.updateData(data);
}

async function deliver<Data>(
  { merchant, failures }: ProcessorParts,
  steps: JobSteps<Data>,
  data: Data,
): Promise<Settled> {
  steps.expectMchid(merchant, data);
  try {
    const report = (): void => failures.reportSlowHandler(steps.subject(data), SLOW_HANDLER_MS);
    return { settled: await reportIfSlow(SLOW_HANDLER_MS, report, steps.deliver(merchant, data)) };
  } catch (cause) {
    // BullMQ stores the message. That of the app's own error may contain personal data; the cause is a copy without secrets.
    throw new OrderTrackingError(
      `The handler failed when the outcome of ${steps.subject(data)} was delivered.`,
      {
        merchant,
        cause,
      },
    );
  }
}
