import { setTimeout as pause } from 'node:timers/promises';
import type { OrderQueue } from './order-queues.js';

/** Time to wait for a step that is under way: it may have asked before the news that the caller has. */
const STEP_WAIT_MS = 2_000;
const POLL_MS = 50;

/**
 * Makes the next step of a job due now. The job itself is not changed: only its worker writes it.
 *
 * @returns false if there is no such job, if its outcome is known, or if the step under way does not end soon
 */
export async function hurryJob(queue: OrderQueue, jobId: string): Promise<boolean> {
  return whileActive(async () => {
    const job = await queue.getJob(jobId);
    if (job === undefined || job.data.out !== undefined) return false;
    const state = await job.getState();
    if (state === 'active') return undefined;
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
 * @param isSettling tells whether the step under way of this job settles the order
 * @returns false if there is no such job, or if its order is being settled or its outcome is known
 */
export async function cancelJob(
  queue: OrderQueue,
  jobId: string,
  isSettling: (data: OrderQueueData) => boolean,
): Promise<boolean> {
  return whileActive(async () => {
    const job = await queue.getJob(jobId);
    if (job === undefined || job.data.out !== undefined) return false;
    // A job that is being worked on is not removed.
    if ((await queue.remove(jobId)) === 1) return true;
    return isSettling(job.data) ? false : undefined;
  });
}

type OrderQueueData = Awaited<ReturnType<OrderQueue['add']>>['data'];

/** Repeats an action until it has a result, or until the wait for the step under way is over. */
async function whileActive(act: () => Promise<boolean | undefined>): Promise<boolean> {
  const endsAt = performance.now() + STEP_WAIT_MS;
  for (;;) {
    const result = await act();
    if (result !== undefined) return result;
    if (performance.now() >= endsAt) return false;
    await pause(POLL_MS);
  }
}
