import type { OpenQueue } from './open-queue.js';
import { merchantJobId } from './job-id.js';

/** Default of `repeatMs`: Redis may have lost its data. */
const REPEAT_MS = 10_000;

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
  readonly #repeatMs: number;
  /** Times at which merchants were added, of `performance.now()`. */
  readonly #addedAt = new Map<string, number>();

  /** @param repeatMs time after which a merchant is added again, in milliseconds */
  constructor(list: OpenQueue<MerchantJobData>, repeatMs = REPEAT_MS) {
    this.#list = list;
    this.#repeatMs = repeatMs;
  }

  /** Adds a merchant, unless this process has just done so. */
  async add(merchant: string): Promise<void> {
    const addedAt = this.#addedAt.get(merchant);
    if (addedAt !== undefined && performance.now() - addedAt < this.#repeatMs) return;
    await this.#list.queue.add('merchant', { merchant }, { jobId: merchantJobId(merchant) });
    this.#addedAt.set(merchant, performance.now());
  }

  async names(): Promise<readonly string[]> {
    const jobs = await this.#list.queue.getWaiting();
    return jobs.map(({ data }) => data.merchant);
  }
}
