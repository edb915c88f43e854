import type { OrderQueue } from './order-queues.js';
import { nextOrderStepAt } from './order-steps.js';
import { nextRefundStepAt } from './refund-steps.js';
import { isRefundData } from './tracked-state.js';
import type { TrackingJob } from './job-processor.js';

/** Epoch, so that the planned time is returned unclamped. */
const EPOCH = new Date(0);
/** Page size. */
const PAGE = 100;
/** Maximum number of pages. */
const MAX_PAGES = 10;

/** Returns by how many milliseconds the most overdue request of a queue is late; 0 if none is. */
export async function lagOf(queue: OrderQueue, now: Date): Promise<number> {
  const late = await Promise.all([
    lagAmong((start, end) => queue.getDelayed(start, end), now),
    lagAmong((start, end) => queue.getWaiting(start, end), now),
  ]);
  return Math.max(...late);
}

/**
 * Delayed jobs are in the order of their times, and waiting ones in the order of their arrival, which differs little: so the first page
 * with a job that waits for a request shows the lag. The jobs ahead of it wait for the handler.
 */
async function lagAmong(
  read: (start: number, end: number) => Promise<readonly TrackingJob[]>,
  now: Date,
): Promise<number> {
  for (let page = 0; page < MAX_PAGES; page++) {
    const jobs = await read(page * PAGE, (page + 1) * PAGE - 1);
    const planned = jobs.map(plannedAt).filter((at) => at !== undefined);
    if (planned.length > 0) return Math.max(0, ...planned.map((at) => now.getTime() - at.getTime()));
    if (jobs.length === 0) return 0;
  }
  return 0;
}

/** Returns undefined for a job whose outcome is known: it waits for the handler, not for a request. */
function plannedAt({ data }: TrackingJob): Date | undefined {
  return isRefundData(data) ? nextRefundStepAt(data, EPOCH) : nextOrderStepAt(data, EPOCH);
}
