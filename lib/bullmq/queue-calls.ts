import type { OrderQueue } from './order-queues.js';
import { OrderTrackingError } from './order-tracking-error.js';
import { parkedJobs } from './parked-jobs.js';
import { callRedis } from './redis-call.js';
import type { TrackingJob } from './job-processor.js';
import type { TrackingParts } from './tracking-parts.js';

/** Maximum number of calls that wait for Redis. Each keeps a few kilobytes, and those of a Redis that hangs do not end. */
const MAX_WAITING = 10_000;

/** Runs calls on the queues of merchants, each within `trackTimeoutMs`. */
export class QueueCalls {
  readonly #parts: TrackingParts;
  #waiting = 0;

  constructor(parts: TrackingParts) {
    this.#parts = parts;
  }

  /**
   * Runs a call for a registered merchant.
   *
   * @param what names the call in the message, such as `track order T1`
   * @throws {WxPayConfigError} if the merchant is not registered
   * @throws {OrderTrackingError} if Redis did not answer in time, or refused
   */
  async onRegistered<T>(
    what: string,
    merchant: string | undefined,
    run: (queue: OrderQueue, merchant: string) => Promise<T>,
  ): Promise<T> {
    const { name } = this.#parts.merchants.get(merchant);
    return this.on(what, name, (queue) => run(queue, name));
  }

  /** Runs a call for a merchant, registered or not. */
  on<T>(what: string, merchant: string, run: (queue: OrderQueue) => Promise<T>): Promise<T> {
    const { queues } = this.#parts;
    return this.#run(
      what,
      () => queues.recentError(merchant),
      () => run(queues.get(merchant)),
    );
  }

  /** Lists the parked jobs of a merchant, registered or not. */
  async *parkedJobs(merchant: string): AsyncGenerator<TrackingJob> {
    const { queue, recentError, giveBack } = this.#parts.queues.borrow(merchant);
    const what = `list the parked jobs of "${merchant}"`;
    try {
      yield* parkedJobs((read) => this.#run(what, recentError, () => read(queue)));
    } finally {
      await giveBack();
    }
  }

  /** Names of registered merchants, and of those that were while this process used their queues. */
  localNames(): ReadonlySet<string> {
    return new Set([...this.#parts.merchants.names(), ...this.#parts.queues.merchants]);
  }

  /** Names of the merchants for which any process has tracked something. */
  knownNames(): Promise<readonly string[]> {
    const { queues } = this.#parts;
    return this.#run(
      'list the merchants',
      () => queues.recentError('default'),
      () => queues.known.names(),
    );
  }

  /** Names of all merchants for which something may be tracked; those of this process come without Redis. */
  async *names(): AsyncGenerator<string> {
    const local = this.localNames();
    yield* local;
    for (const name of await this.knownNames()) if (!local.has(name)) yield name;
  }

  async #run<T>(what: string, connectionError: () => unknown, run: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) {
      throw new OrderTrackingError(
        `Redis did not receive the call to ${what}: ${MAX_WAITING} calls wait for its answers. Look why it hangs; calling again is safe.`,
        { cause: connectionError() },
      );
    }
    const counted = async (): Promise<T> => {
      this.#waiting++;
      try {
        return await run();
      } finally {
        this.#waiting--;
      }
    };
    return callRedis({ what, timeoutMs: this.#parts.options.trackTimeoutMs, connectionError }, counted);
  }
}
