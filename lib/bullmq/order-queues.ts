import { Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { ErrorLog, type ConnectedPart } from './error-log.js';
import { MERCHANTS_QUEUE, queueNameOf } from './job-id.js';
import { KnownMerchants, type MerchantJobData } from './known-merchants.js';
import { OpenQueue } from './open-queue.js';
import type { OrderJobData } from './order-job.js';
import { OrderTrackingError } from './order-tracking-error.js';
import type { RefundJobData } from './refund-job.js';
import type { ResolvedTrackingOptions } from './tracking-options.js';

/** Value that a job of this module returns. A completed job without it was completed by something else. */
export interface Settled {
  /** The outcome that the handler has taken. */
  readonly settled: string;
}

/** Queue of a merchant's orders and refunds. */
export type OrderQueue = Queue<OrderJobData | RefundJobData, Settled>;

/** A queue that is used for a while. */
export interface BorrowedQueue {
  readonly queue: OrderQueue;
  /** Returns the last error of its connection, if it is recent. */
  readonly recentError: () => unknown;
  readonly giveBack: () => Promise<void>;
}

/** Opens the queue of each merchant when it is first used, and closes them together. */
export class OrderQueues {
  readonly #options: ResolvedTrackingOptions;
  readonly #queues = new Map<string, OpenQueue<OrderJobData | RefundJobData, Settled>>();
  readonly #log = new ErrorLog(new Logger('OrderTracking'));
  #list: OpenQueue<MerchantJobData> | undefined;
  #known: KnownMerchants | undefined;
  #isClosed = false;

  constructor(options: ResolvedTrackingOptions) {
    this.#options = options;
  }

  /**
   * Returns the queue of a merchant, connected or not.
   *
   * @throws {OrderTrackingError} if the app is closed: nothing would close the queue
   */
  get(merchant: string): OrderQueue {
    const open = this.#queues.get(merchant) ?? this.#openQueueOf(merchant);
    this.#queues.set(merchant, open);
    return open.queue;
  }

  /** The merchants for which any process has tracked something. */
  get known(): KnownMerchants {
    this.#list ??= this.#open<MerchantJobData, unknown>(MERCHANTS_QUEUE, {
      subject: 'The list of merchants',
    });
    this.#known ??= new KnownMerchants(this.#list);
    return this.#known;
  }

  /** Returns the last error of the connection of a merchant's queue, if it is recent. */
  recentError(merchant: string): unknown {
    return this.#queues.get(merchant)?.recentError() ?? this.#list?.recentError();
  }

  /** Returns the queue of a merchant for a while: one that was not open is closed by `giveBack`, so that a list of many merchants needs few connections. */
  borrow(merchant: string): BorrowedQueue {
    const open = this.#queues.get(merchant);
    const own = open ?? this.#openQueueOf(merchant);
    return {
      queue: own.queue,
      recentError: () => own.recentError(),
      giveBack: () => (open === undefined ? own.close() : Promise.resolve()),
    };
  }

  /** Merchants whose queues are open. */
  get merchants(): readonly string[] {
    return [...this.#queues.keys()];
  }

  /** Closes all queues; jobs stay in Redis. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const open = [...this.#queues.values(), ...(this.#list === undefined ? [] : [this.#list])];
    this.#queues.clear();
    await Promise.all(open.map((each) => each.close()));
  }

  #openQueueOf(merchant: string): OpenQueue<OrderJobData | RefundJobData, Settled> {
    return this.#open(queueNameOf(merchant), { subject: 'The queue of tracked orders', merchant });
  }

  #open<Data, Result>(name: string, part: ConnectedPart): OpenQueue<Data, Result> {
    if (this.#isClosed) {
      throw new OrderTrackingError('The app is closed, and tracks no more.', {
        retryable: false,
        merchant: part.merchant,
      });
    }
    return new OpenQueue<Data, Result>(name, this.#options, { part, log: this.#log });
  }
}
