import type { Observable } from 'rxjs';
import type { WatchOptions } from '../options.js';
import { orderSubject, type OrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import type { OrderApi } from '../ports/apis.js';
import { isPaidAtCounter } from '../trade-state.js';
import { follow, type App } from './follow.js';

/** Pauses: 5 s, 30 s, 1 min, 3 min, 5 min, 10 min, 30 min. @see https://pay.weixin.qq.com/doc/v3/merchant/4012075249 */
const SCHEDULE_MS: readonly number[] = [5_000, 30_000, 60_000, 180_000, 300_000, 600_000, 1_800_000];
/** Pauses for a customer at the counter: 5 s for 30 s, then as for other orders. */
const CODE_PAY_SCHEDULE_MS: readonly number[] = [...Array<number>(6).fill(5_000), ...SCHEDULE_MS.slice(1)];
const FINAL: readonly string[] = ['SUCCESS', 'REFUND', 'CLOSED', 'REVOKED'];

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
      isFinal: ({ tradeState }) => FINAL.includes(tradeState),
      comparableOf,
      scheduleMs: SCHEDULE_MS,
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
