import type { OrderQueue } from './order-queues.js';
import { callRedis, type RedisCall } from './redis-call.js';
import type { TrackingParts } from './tracking-parts.js';

/** Runs calls on the queues of merchants, each within `trackTimeoutMs`. */
export class QueueCalls {
  readonly #parts: TrackingParts;

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
    return callRedis(this.#redis(what, merchant), () => run(this.#parts.queues.get(merchant)));
  }

  /** Names of registered merchants, and of those that were while this process used their queues. */
  localNames(): ReadonlySet<string> {
    return new Set([...this.#parts.merchants.names(), ...this.#parts.queues.merchants]);
  }

  /** Names of the merchants for which any process has tracked something. */
  knownNames(): Promise<readonly string[]> {
    const { queues } = this.#parts;
    return callRedis(this.#redis('list the merchants', 'default'), () => queues.known.names());
  }

  /** Names of all merchants for which something may be tracked; those of this process come without Redis. */
  async *names(): AsyncGenerator<string> {
    const local = this.localNames();
    yield* local;
    for (const name of await this.knownNames()) if (!local.has(name)) yield name;
  }

  #redis(what: string, merchant: string): RedisCall {
    const { queues, options } = this.#parts;
    return { what, timeoutMs: options.trackTimeoutMs, connectionError: () => queues.recentError(merchant) };
  }
}
