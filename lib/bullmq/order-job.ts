import type {
  CloseOrderRef,
  Order,
  OrderProgress,
  SettledFacts,
  SettledOrder,
  StepResult,
  TrackedOutcome,
} from '../index.js';
import type { ParkingTimes } from './parking.js';

/** Job of an order, in memory. */
export interface OrderJob extends OrderProgress, ParkingTimes {
  readonly ref: CloseOrderRef;
  /** Number of the merchant for which the order was tracked; absent if it is unknown. */
  readonly mchid?: string | undefined;
  /** The outcome and what its event says; stored before the handler is called. */
  readonly facts?: SettledFacts | undefined;
}

/**
 * Data of an order's job, as Redis stores it: at most 300 bytes and nothing personal. Times are milliseconds since the epoch,
 * amounts fen; zeros are left out.
 */
export interface OrderJobData {
  /** Version of the format. */
  readonly v: 1;
  readonly no: string;
  readonly sub?: string | undefined;
  readonly app?: string | undefined;
  /** `createdAt` and `expiresAt`. */
  readonly at: number;
  readonly exp: number;
  readonly checks?: number | undefined;
  readonly fails?: number | undefined;
  /** `notBefore`, `faultSince` and `parkedAt`. */
  readonly nb?: number | undefined;
  readonly fault?: number | undefined;
  readonly park?: number | undefined;
  readonly out?: TrackedOutcome | undefined;
  readonly refunded?: true | undefined;
  /** `mchid` of the merchant and of the order. */
  readonly mch?: string | undefined;
  /** `transactionId`, `tradeState`, `successTime`, total and currency of the order. */
  readonly tx?: string | undefined;
  readonly state?: string | undefined;
  readonly paid?: number | undefined;
  readonly fen?: number | undefined;
  readonly cur?: string | undefined;
}

/** Writes a job as Redis stores it. */
export function encodeOrderJob(job: OrderJob): OrderJobData {
  const { ref, mchid, createdAt, expiresAt, checks, failures, notBefore, faultSince, parkedAt, facts } = job;
  const isOpen = facts === undefined;
  return {
    v: 1,
    no: ref.outTradeNo,
    sub: ref.subMchid,
    app: ref.subAppid,
    at: createdAt.getTime(),
    exp: expiresAt.getTime(),
    checks: checks || undefined,
    fails: failures || undefined,
    // No step depends on them once the outcome is known.
    nb: isOpen ? notBefore?.getTime() : undefined,
    fault: isOpen ? faultSince?.getTime() : undefined,
    park: isOpen ? parkedAt?.getTime() : undefined,
    mch: facts?.order?.mchid ?? mchid,
    ...(facts === undefined ? {} : encodeFacts(facts)),
  };
}

function encodeFacts({ outcome, refunded, order }: SettledFacts): Partial<OrderJobData> {
  return {
    out: outcome,
    refunded: refunded === true ? true : undefined,
    tx: order?.transactionId,
    state: order?.tradeState,
    paid: order?.successTime?.getTime(),
    fen: order?.amount?.total,
    // Left out for yuan, the currency of nearly all orders.
    cur: order?.amount?.currency === 'CNY' ? undefined : order?.amount?.currency,
  };
}

/** Reads a job as Redis stores it. */
export function decodeOrderJob(data: OrderJobData): OrderJob {
  const { no, sub, app, at, exp, checks = 0, fails = 0, nb, fault, park } = data;
  return {
    ref: {
      outTradeNo: no,
      ...(sub === undefined ? {} : { subMchid: sub }),
      ...(app === undefined ? {} : { subAppid: app }),
    },
    mchid: data.mch,
    createdAt: new Date(at),
    expiresAt: new Date(exp),
    checks,
    failures: fails,
    notBefore: dateOf(nb),
    faultSince: dateOf(fault),
    parkedAt: dateOf(park),
    outcome: data.out,
    facts: data.out === undefined ? undefined : decodeFacts(data, data.out),
  };
}

function decodeFacts(data: OrderJobData, outcome: TrackedOutcome): SettledFacts {
  const { no, sub, mch, tx, state, paid, fen, cur = 'CNY', refunded } = data;
  if (mch === undefined || state === undefined) return { outcome, refunded };
  const order: SettledOrder = {
    mchid: mch,
    outTradeNo: no,
    tradeState: state,
    ...(sub === undefined ? {} : { subMchid: sub }),
    ...(tx === undefined ? {} : { transactionId: tx }),
    ...(paid === undefined ? {} : { successTime: new Date(paid) }),
    ...(fen === undefined ? {} : { amount: { total: fen, currency: cur } }),
  };
  return { outcome, refunded, order };
}

/** Returns the facts of an outcome for its event, with the order that the step saw. */
export function factsOf(outcome: TrackedOutcome, result: StepResult): SettledFacts {
  const order = orderOf(result);
  return { outcome, refunded: order?.tradeState === 'REFUND', order };
}

function orderOf(result: StepResult): Order | undefined {
  if ('order' in result) return result.order;
  return 'settlement' in result && 'order' in result.settlement ? result.settlement.order : undefined;
}

function dateOf(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}
