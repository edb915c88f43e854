import type { JobsOptions } from 'bullmq';
import { hasOtherMchid, takenByOtherMchid } from './mchid-of-job.js';
import type { OrderQueue } from './order-queues.js';
import { OrderTrackingError } from './order-tracking-error.js';
import { parkedError } from './parked-error.js';
import type { RefundJobData } from './refund-job.js';

/** Job of a refund that is tracked. */
export interface NewRefundJob {
  /** Name in messages, such as `refund R1`. */
  readonly subject: string;
  /** `refundKey(merchant, ref)`, which retries the job if it is parked. */
  readonly key: string;
  readonly data: RefundJobData;
  readonly options: JobsOptions & { readonly jobId: string };
}

/**
 * Adds the job of a refund, unless the queue has it.
 *
 * @throws {OrderTrackingError} if the job is parked, or if `ABNORMAL` has not been delivered yet; also if another merchant has the number in
 * the same queue
 */
export async function addRefundJob(
  queue: OrderQueue,
  { subject, key, data, options }: NewRefundJob,
): Promise<void> {
  await forgetDelivered(queue, options.jobId, data);
  await queue.add('refund', data, options);
  const queued = await queue.getJob(options.jobId);
  if (queued === undefined) return;
  if (hasOtherMchid(queued.data, data)) throw takenByOtherMchid(subject, queued.data);
  if (queued.finishedOn !== undefined && (await queued.isFailed())) throw parkedError(subject, key);
  if (queued.data.out === 'ABNORMAL') throw isBeingDelivered(subject);
}

/**
 * Removes the job of a refund that was delivered as `ABNORMAL`: it may have been sent to another account meanwhile. Also one that
 * was delivered for another merchant, which has the same number.
 */
async function forgetDelivered(queue: OrderQueue, jobId: string, data: RefundJobData): Promise<void> {
  const job = await queue.getJob(jobId);
  if (job === undefined) return;
  const isReplaceable = job.data.out === 'ABNORMAL' || hasOtherMchid(job.data, data);
  if (isReplaceable && (await job.isCompleted())) await queue.remove(jobId);
}

function isBeingDelivered(subject: string): OrderTrackingError {
  return new OrderTrackingError(
    `ABNORMAL of ${subject} is being delivered to the handler: its job ends when the handler returns. Call trackRefund after that, outside of the handler.`,
  );
}
