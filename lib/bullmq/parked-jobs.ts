import { orderKey } from '../index.js';
import { orderJobId, refundJobId } from './job-id.js';
import type { TrackingJob } from './job-processor.js';
import type { OrderQueue } from './order-queues.js';

/** Place of a job: the merchant of its queue, and its identifier there. */
export interface JobPlace {
  readonly merchant: string;
  readonly jobId: string;
}

/** Reads from the queue of a merchant, within the time of a call. */
export type ReadQueue = <T>(read: (queue: OrderQueue) => Promise<T>) => Promise<T>;

/**
 * Lists the parked jobs of a queue. The identifiers are read at once, so that jobs which are retried meanwhile do not shift the
 * others.
 */
export async function* parkedJobs(read: ReadQueue): AsyncGenerator<TrackingJob> {
  for (const jobId of await read((queue) => queue.getRanges(['failed'], 0, -1, true))) {
    const job: TrackingJob | undefined = await read((queue) => queue.getJob(jobId));
    if (job !== undefined && (await read(() => job.isFailed()))) yield job;
  }
}

/**
 * Makes a parked job work again, with all attempts of the handler.
 *
 * @returns false if the job is not parked
 */
export async function retryJob(queue: OrderQueue, jobId: string): Promise<boolean> {
  const job: TrackingJob | undefined = await queue.getJob(jobId);
  if (job === undefined || !(await job.isFailed())) return false;
  try {
    await job.retry('failed', { resetAttemptsMade: true });
  } catch (error) {
    if (await job.isFailed()) throw error;
    // Another process was faster.
  }
  return true;
}

/**
 * Finds the place of a job from its key, as a `TrackedState` or an event has it.
 *
 * @param merchants registered names to look among
 * @returns undefined if the key belongs to none of them
 */
export function placeOf(key: string, merchants: Iterable<string>): JobPlace | undefined {
  const [, refund, name, sub = '', number] = KEY.exec(key) ?? [];
  if (name === undefined || number === undefined) return undefined;
  const no = decode(number);
  if (no === undefined) return undefined;
  const subMchid = sub === '' ? undefined : sub;
  for (const merchant of merchants) {
    if (orderKey(merchant, { outTradeNo: no, subMchid }) !== `${name}//${sub}/${number}`) continue;
    const jobId =
      refund === undefined
        ? orderJobId({ outTradeNo: no, subMchid })
        : refundJobId({ outRefundNo: no, subMchid });
    return { merchant, jobId };
  }
  return undefined;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    // Such as `%FF`, which is in no key.
    return undefined;
  }
}

/** `refund/` for refunds, then the merchant, an empty part, the sub-merchant and the number, as `orderKey` writes them; of an event, the outcome. */
const KEY = /^(refund\/)?([^/]+)\/\/(\d*)\/((?:[^/%]|%[2-7][0-9A-F])+)(?:\/[A-Za-z-]+)?$/;
