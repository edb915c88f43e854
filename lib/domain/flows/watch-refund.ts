import type { Observable } from 'rxjs';
import type { WatchOptions } from '../options.js';
import type { RefundApi } from '../ports/refund-api.js';
import { refundSubject, type RefundRef } from '../refunds/refund-ref.js';
import type { Refund } from '../refunds/refund.js';
import { follow, type App } from './follow.js';

/**
 * Pauses: 1 min for the first 5 min, then 5, 10, 20 and 30 min.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071031
 */
const SCHEDULE_MS: readonly number[] = [
  ...Array<number>(5).fill(60_000),
  300_000,
  600_000,
  1_200_000,
  1_800_000,
];
const FINAL: readonly string[] = ['SUCCESS', 'CLOSED', 'ABNORMAL'];

/**
 * Queries a refund repeatedly until its status is final, and emits each change.
 *
 * @param api called for each query, because the keys of the merchant may be replaced during the watch
 */
export function watchRefund(
  api: () => RefundApi,
  ref: RefundRef,
  options: WatchOptions,
  app: App,
): Observable<Refund> {
  return follow(
    {
      kind: 'refund',
      subject: refundSubject(ref),
      query() {
        const current = api();
        return { timeoutMs: current.terms.timeoutMs, run: (call) => current.query(ref, call) };
      },
      isFinal: ({ status }) => FINAL.includes(status),
      comparableOf: (refund) => JSON.stringify({ ...refund, raw: undefined }),
      scheduleMs: SCHEDULE_MS,
    },
    options,
    app,
  );
}
