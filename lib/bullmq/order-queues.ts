import { Logger } from '@nestjs/common';
import { Queue } from 'bullmq';
import type { OrderJobData } from './order-job.js';
import { queueNameOf } from './job-id.js';
import { isFulfilledWithin } from './is-fulfilled-within.js';
import { ErrorLog } from './error-log.js';
import { OrderTrackingError } from './order-tracking-error.js';
import type { RefundJobData } from './refund-job.js';
import type { ResolvedTrackingOptions } from './tracking-options.js';

/** Value that a job of this module returns. A completed job without it was completed by something else. */
export interface Settled {
  /** The outcome that the handler has taken. */
  readonly settled: string;
}

/** Time for which closing waits for Redis, in milliseconds. */
const CLOSE_TIMEOUT_MS = 1_000;

/** Queue of a merchant's orders and refunds. */
export type OrderQueue = Queue<OrderJobData | RefundJobData, Settled>;

/** Opens the queue of each merchant when it is first used, and closes them together. */
export class OrderQueues {
  readonly #options: ResolvedTrackingOptions;
  readonly #queues = new Map<string, OrderQueue>();
  #isClosed = false;
  readonly #log = new ErrorLog(new Logger('OrderTracking'));

  constructor(options: ResolvedTrackingOptions) {
    this.#options = options;
  }

  /**
   * Returns the queue of a merchant, connected or not.
   *
   * @throws {OrderTrackingError} if the app is closed: nothing would close the queue
   */
  get(merchant: string): OrderQueue {
    const open = this.#queues.get(merchant);
    if (open !== undefined) return open;
    if (this.#isClosed) {
      throw new OrderTrackingError('The app is closed, and tracks no more.', { retryable: false, merchant });
    }
    const { connection, prefix } = this.#options;
    const queue: OrderQueue = new Queue(queueNameOf(merchant), { connection, prefix });
    // Without a listener, Node ends the process.
    queue.on('error', (error) => this.#log.error(`The queue of merchant "${merchant}"`, error));
    this.#queues.set(merchant, queue);
    return queue;
  }

  /** Merchants whose queues are open. */
  get merchants(): readonly string[] {
    return [...this.#queues.keys()];
  }

  /** Closes all queues; jobs stay in Redis. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const queues = [...this.#queues.entries()];
    this.#queues.clear();
    await Promise.all(queues.map(([merchant, queue]) => this.#close(merchant, queue)));
  }

  async #close(merchant: string, queue: OrderQueue): Promise<void> {
    const onError = (error: unknown): void => this.#log.error(`The queue of merchant "${merchant}"`, error);
    const isClosed = await isFulfilledWithin(CLOSE_TIMEOUT_MS, queue.close());
    // While Redis is away, commands that wait for it keep the connection open. Disconnecting then is immediate; there is nothing to wait for.
    if (!isClosed) queue.disconnect().catch(onError);
  }
}
