import { AsyncResource } from 'node:async_hooks';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { OrderSteps } from './order-steps.js';
import { OrderWorker } from './order-worker.js';
import { ErrorLog } from './error-log.js';
import { RefundSteps } from './refund-steps.js';
import type { TrackingParts } from './tracking-parts.js';
import { warnOfUnregistered } from './unregistered-merchants.js';

/**
 * Starts and stops the workers with the app: one for each merchant, those included that are registered while the app runs.
 *
 * They stop at the first hook of the shutdown, and before the merchants are closed, whichever Nest destroys first. The queues stay
 * open until the last hook, for requests that are still served.
 */
@Injectable()
export class OrderWorkers implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  readonly #parts: TrackingParts;
  readonly #orders: OrderSteps;
  readonly #refunds: RefundSteps;
  readonly #workers = new Map<string, OrderWorker>();
  readonly #logger = new Logger('OrderTracking');
  readonly #log = new ErrorLog(this.#logger);
  #lookForUnregistered: NodeJS.Timeout | undefined;
  #unfollow: (() => void) | undefined;
  #stopping: Promise<unknown> | undefined;

  /** @internal */
  constructor(parts: TrackingParts) {
    this.#parts = parts;
    this.#orders = new OrderSteps(parts.merchants, parts.handler, now);
    this.#refunds = new RefundSteps(parts.merchants, parts.handler, now);
  }

  onApplicationBootstrap(): void {
    const { merchants, options } = this.#parts;
    if (!options.worker) return;
    for (const name of merchants.names()) this.#start(name);
    // A worker would otherwise run in the context (`AsyncLocalStorage`) of the request that registers its merchant, and so would the handler.
    this.#unfollow = merchants.onRegistered(AsyncResource.bind((name: string) => this.#start(name)));
    // Merchants from a database are registered soon after the start.
    this.#lookForUnregistered = setTimeout(() => {
      warnOfUnregistered(this.#parts, this.#logger).catch((error: unknown) =>
        this.#log.error({ subject: 'The list of merchants' }, error),
      );
    }, options.stalledAfterMs).unref();
    // Nest destroys a global module after the others, and in Nest 10 every module after those it imports.
    merchants.beforeClose(() => this.onModuleDestroy());
  }

  async onModuleDestroy(): Promise<void> {
    clearTimeout(this.#lookForUnregistered);
    this.#unfollow?.();
    this.#stopping ??= Promise.all([...this.#workers.values()].map((worker) => worker.close()));
    await this.#stopping;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#parts.queues.close();
  }

  /** Starts the worker of a merchant, unless it is running. The worker of an unregistered merchant goes on, so that its jobs are parked. */
  #start(merchant: string): void {
    if (this.#workers.has(merchant)) return;
    const queue = this.#parts.queues.get(merchant);
    const { options } = this.#parts;
    const parts = { merchant, queue, orders: this.#orders, refunds: this.#refunds, now };
    const worker = new OrderWorker({ ...parts, lockMs: options.stalledAfterMs }, options);
    this.#workers.set(merchant, worker);
    worker.start();
  }
}

function now(): Date {
  return new Date();
}
