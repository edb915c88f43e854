import { WxPayTransportError } from '../../errors/wxpay-transport-error.js';
import type { CallOptions } from '../options.js';
import { orderSubject, type OrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import type { OrderApi, OrderTerms } from '../ports/apis.js';
import { steadyClock, type Clock } from './clock.js';
import { copyOf, SharedCall } from './shared-call.js';

/** Deadlines this close count as equal: timers are imprecise. */
const SAME_MS = 5;

/** Makes one call of identical queries that are under way at the same time. Each caller waits for it within its own timeout. */
export class SharedQueries implements Pick<OrderApi, 'query'> {
  readonly #api: OrderApi;
  readonly #clock: Clock;
  readonly #underWay = new Map<string, SharedCall<Order>>();

  constructor(api: OrderApi, clock: Clock = steadyClock) {
    this.#api = api;
    this.#clock = clock;
  }

  /**
   * Queries an order, or waits for the answer of an identical query that is under way.
   *
   * The call has the timeout of the merchant. A caller with a longer one joins the next shared query.
   *
   * @returns a copy of its own for each caller
   * @throws the error of the call; `signal.reason` when the caller gives up, WxPayTransportError when its time is up
   */
  async query(ref: OrderRef, options: CallOptions = {}): Promise<Order> {
    const { terms } = this.#api;
    const { signal, timeoutMs = terms.timeoutMs } = options;
    const endsAt = this.#clock() + timeoutMs;
    for (;;) {
      signal?.throwIfAborted();
      const call = this.#callFor(ref);
      const spareMs = call.endsAt - endsAt;
      // Where both end together, the failure of the call tells more.
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
      // A call that all callers left may end after another has taken its place.
      ended: () => this.#underWay.get(key) === call && this.#underWay.delete(key),
    });
    this.#underWay.set(key, call);
    return call;
  }
}

/** Makes the same text of references to the same order. */
function keyOf({ outTradeNo, transactionId, subMchid, subAppid }: OrderRef): string {
  return JSON.stringify([outTradeNo, transactionId, subMchid, subAppid].map((part) => part ?? null));
}

function timedOut({ merchant }: OrderTerms, ref: OrderRef, timeoutMs: number): () => WxPayTransportError {
  return () =>
    new WxPayTransportError(
      `WeChat Pay did not answer order.query of ${orderSubject(ref)} within ${Math.ceil(timeoutMs)} ms, the timeout of one caller of a shared query. ` +
        'Query again, or give it more time.',
      { merchant, timedOut: true },
    );
}
