import type { JobsOptions } from 'bullmq';
import type { TrackingJob } from './job-processor.js';
import { hasOtherMchid, takenByOtherMchid } from './mchid-of-job.js';
import type { OrderJobData } from './order-job.js';
import type { OrderQueue } from './order-queues.js';
import { parkedError } from './parked-error.js';
import { whileBusy, type BusyJob } from './while-busy.js';

/** Job of an order that is tracked. */
export interface NewOrderJob extends BusyJob {
  /** `orderKey(merchant, ref)`, which retries the job if it is parked. */
  readonly key: string;
  readonly data: OrderJobData;
  readonly options: JobsOptions & { readonly jobId: string };
}

/**
 * Adds the job of an order, unless the queue has the job of this placing, or of a later one.
 *
 * The job of an earlier placing is replaced: its number was placed again because the first placing was lost, or because WeChat Pay
 * did not know the order. Its times are wrong for the order that exists now. A paid order stays paid, however often it is placed.
 *
 * @throws {OrderTrackingError} if the job is parked, or if a step of the earlier placing does not end soon; also if another merchant
 * has the number in the same queue
 */
export async function addOrderJob(queue: OrderQueue, job: NewOrderJob): Promise<void> {
  await whileBusy(job, async (checkTime) => {
    // BullMQ ignores a job whose identifier exists, in any state, and does not say so: look at the one in the queue.
    await queue.add('order', job.data, job.options);
    const queued = await queue.getJob(job.options.jobId);
    if (queued === undefined) return true;
    const isParked = queued.finishedOn !== undefined && (await queued.isFailed());
    const isOfOther = hasOtherMchid(queued.data, job.data);
    if (isOfOther && (isParked || queued.finishedOn === undefined)) {
      throw takenByOtherMchid(job.subject, queued.data);
    }
    if (isParked) throw parkedError(job.subject, job.key);
    if (!isOfOther && !isOfEarlierPlacing(queued, job.data)) return true;
    // An outcome that has not been delivered is not dropped. A job that a worker holds is not removed.
    const isReplaceable = queued.finishedOn !== undefined || queued.data.out === undefined;
    if (!isReplaceable) return undefined;
    checkTime();
    await queue.remove(job.options.jobId);
    // Nothing that may fail comes in between: without a job, nothing asks about the order.
    await queue.add('order', job.data, job.options);
    return undefined;
  });
}

function isOfEarlierPlacing({ data }: TrackingJob, { at, exp }: OrderJobData): boolean {
  if ('rno' in data || data.out === 'paid') return false;
  return data.at < at || (data.at === at && data.exp < exp);
}
