import type { TrackingJob } from './job-processor.js';
import { hasOtherMchid } from './mchid-of-job.js';
import type { OrderQueue } from './order-queues.js';

/** A job, and the merchant number for which it has to be tracked. */
export interface OwnJob {
  readonly jobId: string;
  readonly mchid: string;
}

/** Reads a job; undefined if there is none, or if an app with another `mchid` tracks the number under the same prefix. */
export async function readOwnJob(
  queue: OrderQueue,
  { jobId, mchid }: OwnJob,
): Promise<TrackingJob | undefined> {
  const job = await queue.getJob(jobId);
  return job === undefined || hasOtherMchid(job.data, { mch: mchid }) ? undefined : job;
}
