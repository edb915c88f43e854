import type { Observable } from 'rxjs';
import type { WatchOptions } from '../options.js';
import { orderSubject, type OrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import type { OrderApi } from '../ports/apis.js';
import { ORDER_SCHEDULE_MS } from '../schedules.js';
import { isPaidAtCounter } from '../trade-state.js';
import { follow, type App } from './follow.js';
import { finalSettlement } from './settle.js';

/** Pauses for a customer at the counter: 5 s for 30 s, then as for other orders. */
const CODE_PAY_SCHEDULE_MS: readonly number[] = [
  ...Array<number>(6).fill(5_000),
  ...ORDER_SCHEDULE_MS.slice(1),
];

/**
 * Queries an order repeatedly until its state is final, and emits each change.
 *
 * @param api called for each query, because the keys of the merchant may be replaced during the watch
 */
export function watch(
  api: () => OrderApi,
  ref: OrderRef,
  options: WatchOptions,
  app: App,
): Observable<Order> {
  return follow(
    {
      kind: 'order',
      subject: orderSubject(ref),
      query() {
        const current = api();
        return { timeoutMs: current.terms.timeoutMs, run: (call) => current.query(ref, call) };
      },
      isFinal: (order) => finalSettlement(order) !== undefined,
      comparableOf,
      scheduleMs: ORDER_SCHEDULE_MS,
      otherScheduleMs: (order) => (showsCodePay(order) ? CODE_PAY_SCHEDULE_MS : undefined),
    },
    options,
    app,
  );
}

/** Serialises an order for comparison, without WeChat's description of the state and the raw reply. */
function comparableOf(order: Order): string {
  return JSON.stringify({ ...order, tradeStateDesc: undefined, raw: undefined });
}

/** Tells whether a reply shows a 付款码 order. Not every reply does: APIv2 reports the type only of paid orders. */
function showsCodePay({ tradeType, tradeState }: Order): boolean {
  return isPaidAtCounter(tradeType) || tradeState === 'USERPAYING';
}
