import type { Refund } from '../refunds/refund.js';
import type { RefundRef } from '../refunds/refund-ref.js';
import type { TrackedRefundOutcome } from './next-refund-step.js';
import { refundKey, type TrackedRefund } from './tracked-refund.js';

/** Members of a refund that fit a job and contain nothing personal. */
export type SettledRefund = Pick<
  Refund,
  'refundId' | 'outRefundNo' | 'outTradeNo' | 'transactionId' | 'subMchid' | 'successTime'
> & {
  /** Amount of this refund and total of the order, in fen. */
  readonly amount: { readonly refund: number; readonly total: number };
};

/** Final status of a tracked refund. It has the same content each time it is delivered, and no personal data. */
export interface RefundSettledEvent {
  /** `refundKey(merchant, ref)/status`: the idempotency key. A status may be delivered twice, but only under the same key. */
  readonly key: string;
  /** The registered name of the merchant; `default` for the default one. */
  readonly merchant: string;
  readonly ref: RefundRef;
  /**
   * - `SUCCESS`: the customer has the money
   * - `CLOSED`: not carried out; refund under a new `outRefundNo`
   * - `ABNORMAL`: the bank refused the money: see `RefundService.refundAbnormal`
   */
  readonly status: TrackedRefundOutcome;
  readonly refund: SettledRefund;
}

/** Creates the event of a final refund. */
export function refundSettledEvent(
  { ref, merchant }: TrackedRefund,
  status: TrackedRefundOutcome,
  refund: Refund | SettledRefund,
): RefundSettledEvent {
  const { refundId, outRefundNo, outTradeNo, transactionId, subMchid, successTime, amount } = refund;
  return {
    key: `${refundKey(merchant, ref)}/${status}`,
    merchant,
    ref,
    status,
    refund: {
      refundId,
      outRefundNo,
      outTradeNo,
      transactionId,
      ...(subMchid === undefined ? {} : { subMchid }),
      ...(successTime === undefined ? {} : { successTime }),
      amount: { refund: amount.refund, total: amount.total },
    },
  };
}
