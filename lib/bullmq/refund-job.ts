import type { RefundProgress, RefundRef, SettledRefund, TrackedRefundOutcome } from '../index.js';
import type { ParkingTimes } from './parking.js';

/** Job of a refund, in memory. */
export interface RefundJob extends RefundProgress, ParkingTimes {
  readonly ref: RefundRef;
  /** Number of the merchant for which the refund was tracked; absent if it is unknown. */
  readonly mchid?: string | undefined;
  /** The refund as its event shows it; stored before the handler is called. */
  readonly refund?: SettledRefund | undefined;
}

/** Data of a refund's job, as Redis stores it; see `OrderJobData`. */
export interface RefundJobData {
  readonly v: 1;
  /** Number of the refund. */
  readonly rno: string;
  readonly sub?: string | undefined;
  readonly app?: string | undefined;
  /** Absent once the status is known, and so are the members up to `park`. */
  readonly at?: number | undefined;
  readonly checks?: number | undefined;
  readonly fails?: number | undefined;
  readonly nb?: number | undefined;
  readonly fault?: number | undefined;
  readonly park?: number | undefined;
  /** `mchid` of the merchant. */
  readonly mch?: string | undefined;
  readonly out?: TrackedRefundOutcome | undefined;
  /** `refundId`, `outTradeNo`, `transactionId`, `successTime`, amount of the refund and total of the order. */
  readonly id?: string | undefined;
  readonly no?: string | undefined;
  readonly tx?: string | undefined;
  readonly done?: number | undefined;
  readonly fen?: number | undefined;
  readonly of?: number | undefined;
}

/** Writes a job as Redis stores it. */
export function encodeRefundJob(job: RefundJob): RefundJobData {
  const { ref, mchid, createdAt, checks, failures, notBefore, faultSince, parkedAt, outcome, refund } = job;
  const isOpen = outcome === undefined;
  return {
    v: 1,
    rno: ref.outRefundNo,
    sub: ref.subMchid,
    // No query is sent once the status is known.
    app: isOpen ? ref.subAppid : undefined,
    at: isOpen ? createdAt.getTime() : undefined,
    checks: isOpen ? checks || undefined : undefined,
    fails: isOpen ? failures || undefined : undefined,
    nb: isOpen ? notBefore?.getTime() : undefined,
    fault: isOpen ? faultSince?.getTime() : undefined,
    park: isOpen ? parkedAt?.getTime() : undefined,
    mch: mchid,
    out: outcome,
    id: refund?.refundId,
    no: refund?.outTradeNo,
    tx: refund?.transactionId,
    done: refund?.successTime?.getTime(),
    fen: refund?.amount.refund,
    of: refund?.amount.total,
  };
}

/** Reads a job as Redis stores it. */
export function decodeRefundJob(data: RefundJobData): RefundJob {
  const { rno, sub, app, at = 0, checks = 0, fails = 0, nb, fault, park, out } = data;
  return {
    ref: {
      outRefundNo: rno,
      ...(sub === undefined ? {} : { subMchid: sub }),
      ...(app === undefined ? {} : { subAppid: app }),
    },
    mchid: data.mch,
    createdAt: new Date(at),
    checks,
    failures: fails,
    notBefore: nb === undefined ? undefined : new Date(nb),
    faultSince: fault === undefined ? undefined : new Date(fault),
    parkedAt: park === undefined ? undefined : new Date(park),
    outcome: out,
    refund: decodeRefund(data),
  };
}

function decodeRefund({ rno, sub, id, no, tx, done, fen, of }: RefundJobData): SettledRefund | undefined {
  if (id === undefined || no === undefined || tx === undefined) return undefined;
  if (fen === undefined || of === undefined) return undefined;
  return {
    refundId: id,
    outRefundNo: rno,
    outTradeNo: no,
    transactionId: tx,
    ...(sub === undefined ? {} : { subMchid: sub }),
    ...(done === undefined ? {} : { successTime: new Date(done) }),
    amount: { refund: fen, total: of },
  };
}
