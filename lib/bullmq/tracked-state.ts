import {
  orderKey,
  refundKey,
  type CloseOrderRef,
  type OrderSettledEvent,
  type RefundRef,
  type RefundSettledEvent,
} from '../index.js';
import type { TrackingJob } from './job-processor.js';
import { decodeOrderJob, type OrderJobData } from './order-job.js';
import { nextOrderStepAt } from './order-steps.js';
import { decodeRefundJob, type RefundJobData } from './refund-job.js';
import { nextRefundStepAt } from './refund-steps.js';

/**
 * Phase of a tracked order or refund.
 *
 * - `watching`: WeChat Pay is asked from time to time
 * - `settling`: it has expired, and is being settled, or waits for its next settlement
 * - `telling`: the outcome is stored and is being delivered to the handler, perhaps again after a failure
 * - `parked`: nothing happens until `retry`: the handler failed too often, or WeChat Pay refuses the merchant
 */
export type TrackedPhase = 'watching' | 'settling' | 'telling' | 'parked';

/** State of a tracked order, as of the moment at which it was read. */
export interface TrackedState {
  /** `orderKey(merchant, ref)`. */
  readonly key: string;
  /** The registered name of the merchant; `default` for the default one. */
  readonly merchant: string;
  readonly ref: CloseOrderRef;
  readonly phase: TrackedPhase;
  /** Time of the next request to WeChat Pay; absent while none is planned. */
  readonly nextAt?: Date;
  /** Number of queries that found the order open. */
  readonly checks: number;
  /** Number of consecutive steps that left the state unknown, such as those of an outage. */
  readonly failures: number;
  readonly outcome?: OrderSettledEvent['outcome'];
  /** Reason of the last failure of the job, if it is parked. */
  readonly reason?: string;
}

/** State of a tracked refund, as of the moment at which it was read. */
export interface TrackedRefundState {
  /** `refundKey(merchant, ref)`. */
  readonly key: string;
  /** The registered name of the merchant; `default` for the default one. */
  readonly merchant: string;
  readonly ref: RefundRef;
  readonly phase: TrackedPhase;
  /** Time of the next query; absent while none is planned. */
  readonly nextAt?: Date;
  readonly checks: number;
  readonly failures: number;
  readonly outcome?: RefundSettledEvent['status'];
  /** Reason of the last failure of the job, if it is parked. */
  readonly reason?: string;
}

/** Tells whether a job tracks a refund. */
export function isRefundData(data: OrderJobData | RefundJobData): data is RefundJobData {
  return 'rno' in data;
}

/** Describes the job of an order. @param state what BullMQ says about the job, such as `delayed` */
export function orderStateOf(
  merchant: string,
  job: TrackingJob,
  data: OrderJobData,
  state: string,
): TrackedState {
  const { ref, checks, failures, outcome, expiresAt } = decodeOrderJob(data);
  const now = new Date();
  const phase = phaseOf(state, outcome, expiresAt <= now);
  return {
    key: orderKey(merchant, ref),
    merchant,
    ref,
    phase,
    checks,
    failures,
    ...(outcome === undefined ? {} : { outcome }),
    ...planOf(phase, job, nextOrderStepAt(data, now)),
  };
}

/** Describes the job of a refund. @param state what BullMQ says about the job, such as `delayed` */
export function refundStateOf(
  merchant: string,
  job: TrackingJob,
  data: RefundJobData,
  state: string,
): TrackedRefundState {
  const { ref, checks, failures, outcome } = decodeRefundJob(data);
  const phase = phaseOf(state, outcome, false);
  return {
    key: refundKey(merchant, ref),
    merchant,
    ref,
    phase,
    checks,
    failures,
    ...(outcome === undefined ? {} : { outcome }),
    ...planOf(phase, job, nextRefundStepAt(data, new Date())),
  };
}

function phaseOf(state: string, outcome: string | undefined, isExpired: boolean): TrackedPhase {
  if (state === 'failed') return 'parked';
  if (outcome !== undefined) return 'telling';
  return isExpired ? 'settling' : 'watching';
}

function planOf(
  phase: TrackedPhase,
  { failedReason }: TrackingJob,
  nextAt: Date | undefined,
): { readonly nextAt?: Date; readonly reason?: string } {
  if (phase === 'parked') return failedReason === undefined ? {} : { reason: failedReason };
  return nextAt === undefined ? {} : { nextAt };
}
