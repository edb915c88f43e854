import type { Observable } from 'rxjs';
import type { WatchOptions } from '../options.js';
import type { RefundApi } from '../ports/refund-api.js';
import { refundSubject, type RefundRef } from '../refunds/refund-ref.js';
import { isFinalRefundStatus, type Refund } from '../refunds/refund.js';
import { REFUND_SCHEDULE_MS } from '../schedules.js';
import { follow, type App } from './follow.js';

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
      isFinal: ({ status }) => isFinalRefundStatus(status),
      comparableOf: (refund) => JSON.stringify({ ...refund, raw: undefined }),
      scheduleMs: REFUND_SCHEDULE_MS,
    },
    options,
    app,
  );
}
