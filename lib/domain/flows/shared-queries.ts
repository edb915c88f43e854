import { WxPayTransportError } from '../../errors/wxpay-transport-error.js';
import type { CallOptions } from '../options.js';
import { orderSubject, type OrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import type { OrderApi, OrderTerms } from '../ports/apis.js';
import { steadyClock, type Clock } from './clock.js';
import { copyOf, SharedCall } from './shared-call.js';

/** Maximum difference of deadlines that count as equal, in milliseconds: timers are imprecise. */
const SAME_MS = 5;

/** Makes one call for identical queries that are under way at the same time. Each caller waits within its own timeout. */
export class SharedQueries implements Pick<OrderApi, 'query'> {
  readonly #api: OrderApi;
  readonly #clock: Clock;
  readonly #underWay = new Map<string, SharedCall<Order>>();

  constructor(api: OrderApi, clock: Clock = steadyClock) {
    this.#api = api;
    this.#clock = clock;
  }

  /**
   * Queries an order, or waits for the reply to an identical query that is under way.
   *
   * The call has the timeout of the merchant. If it times out, a caller with a longer timeout joins the next shared query.
   *
   * @returns a separate copy for each caller
   * @throws the error of the call; `signal.reason` if the caller aborts; WxPayTransportError if the caller's timeout ends first
   */
  async query(ref: OrderRef, options: CallOptions = {}): Promise<Order> {
    const { terms } = this.#api;
    const { signal, timeoutMs = terms.timeoutMs } = options;
    const endsAt = this.#clock() + timeoutMs;
    for (;;) {
      signal?.throwIfAborted();
      const call = this.#callFor(ref);
      const spareMs = call.endsAt - endsAt;
      // No separate timeout if both deadlines are equal, because the error of the call is more specific.
      const waitMs = spareMs > SAME_MS ? Math.max(0, endsAt - this.#clock()) : undefined;
      try {
        return copyOf(await call.wait(timedOut(terms, ref, timeoutMs), { signal, timeoutMs: waitMs }));
      } catch (error) {
        signal?.throwIfAborted();
        const ranOutOfTime = call.endsAt - this.#clock() <= SAME_MS;
        if (spareMs >= -SAME_MS || !ranOutOfTime) throw error;
      }
    }
  }

  #callFor(ref: OrderRef): SharedCall<Order> {
    const key = keyOf(ref);
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay;
    const call = new SharedCall<Order>({
      endsAt: this.#clock() + this.#api.terms.timeoutMs,
      make: (signal) => this.#api.query(ref, { signal }),
      // A call that all callers have left may end after another call has replaced it.
      ended: () => this.#underWay.get(key) === call && this.#underWay.delete(key),
    });
    this.#underWay.set(key, call);
    return call;
  }
}

/** Returns a key that is equal for references to the same order. */
function keyOf({ outTradeNo, transactionId, subMchid, subAppid }: OrderRef): string {
  return JSON.stringify([outTradeNo, transactionId, subMchid, subAppid].map((part) => part ?? null));
}

function timedOut({ merchant }: OrderTerms, ref: OrderRef, timeoutMs: number): () => WxPayTransportError {
  return () =>
    new WxPayTransportError(
      `WeChat Pay did not reply to order.query of ${orderSubject(ref)} within ${Math.ceil(timeoutMs)} ms, the timeout of one caller of a shared query. ` +
        'Query again, or give it more time.',
      { merchant, timedOut: true },
    );
}
