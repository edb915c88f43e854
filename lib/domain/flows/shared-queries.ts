import { WxPayTransportError } from '../../errors/wxpay-transport-error.js';
import type { CallOptions } from '../options.js';
import { orderSubject, type OrderRef } from '../order-ref.js';
import type { OrderApi } from '../ports/apis.js';
import type { Order } from '../order.js';
import { copyOf, SharedCall } from './shared-call.js';

/** Ends that lie no further apart are the same: timers fire a moment early, or late. */
const SAME_MS = 5;

/** Makes one call of identical queries that are under way at the same time. Each waits for it as long as it wants. */
export class SharedQueries {
  /** Keyed by API: a merchant that is replaced has a new one, so its queries begin anew. */
  readonly #underWay = new WeakMap<OrderApi, Map<string, SharedCall<Order>>>();

  /**
   * Asks, or waits for the answer of who has asked already.
   *
   * The call has the time that the merchant's calls have. Who wants to wait longer takes part in another one after it.
   *
   * @returns a value that nobody else has
   * @throws what the call throws; `signal.reason` when the caller gives up, WxPayTransportError when its time is up
   */
  async query(
    api: OrderApi,
    ref: OrderRef,
    { signal, timeoutMs = api.terms.timeoutMs }: CallOptions,
  ): Promise<Order> {
    const endsAt = performance.now() + timeoutMs;
    for (;;) {
      signal?.throwIfAborted();
      const call = this.#callFor(api, ref);
      const spareMs = call.endsAt - endsAt;
      // Where both end together, the failure of the call tells more.
      const patienceMs = spareMs > SAME_MS ? Math.max(0, endsAt - performance.now()) : undefined;
      try {
        return copyOf(await call.wait(timedOut(api, ref, timeoutMs), { signal, patienceMs }));
      } catch (error) {
        signal?.throwIfAborted();
        const ranOutOfTime = call.endsAt - performance.now() <= SAME_MS;
        if (spareMs >= -SAME_MS || !ranOutOfTime) throw error;
      }
    }
  }

  #callFor(api: OrderApi, ref: OrderRef): SharedCall<Order> {
    const calls = this.#underWay.get(api) ?? new Map<string, SharedCall<Order>>();
    this.#underWay.set(api, calls);
    const key = keyOf(ref);
    const underWay = calls.get(key);
    if (underWay !== undefined) return underWay;
    const call = new SharedCall<Order>({
      endsAt: performance.now() + api.terms.timeoutMs,
      make: (signal) => api.query(ref, { signal }),
      // One that was left by all may end after another has taken its place.
      ended: () => calls.get(key) === call && calls.delete(key),
    });
    calls.set(key, call);
    return call;
  }
}

/** The same text for references to the same order, however they came about. */
function keyOf({ outTradeNo, transactionId, subMchid, subAppid }: OrderRef): string {
  return JSON.stringify([outTradeNo, transactionId, subMchid, subAppid].map((part) => part ?? null));
}

function timedOut({ terms }: OrderApi, ref: OrderRef, timeoutMs: number): () => WxPayTransportError {
  return () =>
    new WxPayTransportError(
      `WeChat Pay did not answer order.query of ${orderSubject(ref)} within ${Math.ceil(timeoutMs)} ms, the timeout of one caller of a shared query. ` +
        'Query again, or give it more time.',
      { merchant: terms.merchant, timedOut: true },
    );
}
