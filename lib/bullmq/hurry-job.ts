import type { OrderQueue } from './order-queues.js';
import { readOwnJob, type OwnJob } from './own-job.js';
import { retryJob } from './parked-jobs.js';
import { whileBusy, type BusyJob } from './while-busy.js';

/**
 * Makes the next step of a job due now; a parked one whose outcome is not known works again. The data of the job is not changed:
 * only its worker writes it. A step under way is waited for, because that step may have queried the order before the payment the
 * caller knows of.
 *
 * @returns false if there is no such job, or if its outcome is known
 * @throws {OrderTrackingError} if the step under way does not end soon
 */
export async function hurryJob(queue: OrderQueue, own: OwnJob, busy: BusyJob): Promise<boolean> {
  return whileBusy(busy, async () => {
    const job = await readOwnJob(queue, own);
    if (job === undefined || job.data.out !== undefined) return false;
    const state = await job.getState();
    if (state === 'active') return undefined;
    if (state === 'failed') return (await retryJob(queue, own.jobId)) ? true : undefined;
    if (state !== 'delayed') return state === 'waiting';
    try {
      await job.promote();
      return true;
    } catch (error) {
      // A worker was faster: look again.
      if (await job.isDelayed()) throw error;
      return undefined;
    }
  });
}

/**
 * Removes a job whose outcome is not known yet.
 *
 * @param isSettling returns whether the step under way of this job settles the order
 * @returns false if there is no such job, or if its order is being settled or its outcome is known
 * @throws {OrderTrackingError} if the step under way does not end soon
 */
export async function cancelJob(
  queue: OrderQueue,
  own: OwnJob,
  isSettling: (data: OrderQueueData) => boolean,
  busy: BusyJob,
): Promise<boolean> {
  return whileBusy(busy, async (checkTime) => {
    const job = await readOwnJob(queue, own);
    if (job === undefined || job.data.out !== undefined) return false;
    // Not removed while it is worked on: the worker may deliver the outcome before the removal.
    if (await job.isActive()) return isSettling(job.data) ? false : undefined;
    // Read again: the step of a worker may have ended since, with an outcome that has not been delivered.
    const idle = await readOwnJob(queue, own);
    if (idle === undefined || idle.data.out !== undefined) return false;
    checkTime();
    return (await queue.remove(own.jobId)) === 1 ? true : undefined;
  });
}

type OrderQueueData = Awaited<ReturnType<OrderQueue['add']>>['data'];
