import type { OrderQueue } from './order-queues.js';
import { nextOrderStepAt } from './order-steps.js';
import { nextRefundStepAt } from './refund-steps.js';
import { isRefundData } from './tracked-state.js';
import type { TrackingJob } from './job-processor.js';

/** A time before every step, so that the plan of a job is seen as it was made. */
const EPOCH = new Date(0);
/** Number of jobs that are read of those that wait, and of those that are delayed. */
const SAMPLE = 100;

/**
 * Returns by how many milliseconds the most overdue request of a queue is late; 0 if none is. Delayed jobs are in the order of their
 * times, waiting ones in that of their arrival, which differs little: so the first hundred of each are read.
 */
export async function lagOf(queue: OrderQueue, now: Date): Promise<number> {
  const first = await Promise.all([queue.getDelayed(0, SAMPLE - 1), queue.getWaiting(0, SAMPLE - 1)]);
  const late = first.flat().map((job) => now.getTime() - (plannedAt(job) ?? now).getTime());
  return Math.max(0, ...late);
}

/** Returns undefined for a job whose outcome is known: it waits for the handler, not for a request. */
function plannedAt({ data }: TrackingJob): Date | undefined {
  return isRefundData(data) ? nextRefundStepAt(data, EPOCH) : nextOrderStepAt(data, EPOCH);
}
