import type { Logger } from '@nestjs/common';
import { LogEntry } from '../errors/log-entry.js';
import { redact } from '../errors/redact.js';
import type { OrderQueues } from './order-queues.js';
import type { TrackingParts } from './tracking-parts.js';

/** Maximum number of merchants that the warning names. */
const MAX_NAMES = 10;

/** Warns of jobs in Redis whose merchants are not registered in this process, which therefore does not work on them. */
export async function warnOfUnregistered(
  { merchants, queues }: TrackingParts,
  logger: Logger,
): Promise<void> {
  const registered = new Set(merchants.names());
  const found: string[] = [];
  for (const name of await queues.known.names()) {
    if (found.length > MAX_NAMES) break;
    const jobs = registered.has(name) ? 0 : await countJobs(queues, name);
    if (jobs > 0) found.push(`"${redact(name)}" (${jobs})`);
  }
  if (found.length === 0) return;
  const names = found.slice(0, MAX_NAMES).join(', ');
  const more = found.length > MAX_NAMES ? ' and others' : '';
  const message = `Redis has orders or refunds of merchants that are not registered in this process: ${names}${more}. WeChat Pay is not asked about them unless another process works on them. Register the merchants again until their orders are settled.`;
  logger.warn(new LogEntry(message, {}));
}

/** Counts the unfinished jobs of a merchant. */
async function countJobs(queues: OrderQueues, merchant: string): Promise<number> {
  const { queue, giveBack } = queues.borrow(merchant);
  try {
    return await queue.getJobCountByTypes('active', 'waiting', 'delayed', 'failed');
  } finally {
    await giveBack();
  }
}
