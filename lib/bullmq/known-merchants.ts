import type { OpenQueue } from './open-queue.js';
import { merchantJobId } from './job-id.js';

/** Job that stands for a merchant. */
export interface MerchantJobData {
  readonly merchant: string;
}

/**
 * The merchants for which something was tracked, as a list in Redis, so that after a restart the jobs of those that are no longer
 * registered are found. The list is a queue that nothing works on, with a job for each merchant.
 */
export class KnownMerchants {
  readonly #list: OpenQueue<MerchantJobData>;
  readonly #added = new Set<string>();

  constructor(list: OpenQueue<MerchantJobData>) {
    this.#list = list;
  }

  /** Adds a merchant, once for each process. */
  async add(merchant: string): Promise<void> {
    if (this.#added.has(merchant)) return;
    await this.#list.queue.add('merchant', { merchant }, { jobId: merchantJobId(merchant) });
    this.#added.add(merchant);
  }

  async names(): Promise<readonly string[]> {
    const jobs = await this.#list.queue.getWaiting();
    return jobs.map(({ data }) => data.merchant);
  }
}
