import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeOrderJob, encodeOrderJob, type OrderJob } from '../../../lib/bullmq/order-job.js';
import { decodeRefundJob, encodeRefundJob, type RefundJob } from '../../../lib/bullmq/refund-job.js';

const time = fc.date({ noInvalidDate: true, min: new Date(0) });
const opt = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const open = fc.record({
  mchid: opt(fc.string()),
  createdAt: time,
  checks: fc.nat(),
  failures: fc.nat(),
  notBefore: opt(time),
  faultSince: opt(time),
});

/** What Redis returns of what it was given. */
const stored = <T>(data: T): T => JSON.parse(JSON.stringify(data)) as T;

describe('the data of a job', () => {
  it('decode to the job of an open order after they were stored as JSON', () => {
    fc.assert(
      fc.property(open, time, opt(fc.string()), (progress, expiresAt, subMchid) => {
        const job: OrderJob = { ...progress, expiresAt, ref: { outTradeNo: 'T1', subMchid } };
        expect(decodeOrderJob(stored(encodeOrderJob(job)))).toEqual(job);
      }),
    );
  });

  it('decode to the outcome of a settled order after they were stored as JSON', () => {
    const order = fc.record({
      mchid: fc.string(),
      transactionId: opt(fc.string()),
      tradeState: fc.string(),
      successTime: opt(time),
      amount: opt(fc.record({ total: fc.nat(), currency: fc.constantFrom('CNY', 'USD') })),
    });
    fc.assert(
      fc.property(time, opt(order), fc.boolean(), (at, shown, refunded) => {
        const facts = {
          outcome: 'paid' as const,
          refunded: refunded ? true : undefined,
          order: shown && { ...shown, outTradeNo: 'T1' },
        };
        const job: OrderJob = {
          ref: { outTradeNo: 'T1' },
          mchid: shown?.mchid,
          createdAt: at,
          expiresAt: at,
          checks: 1,
          failures: 0,
          facts,
        };
        expect(decodeOrderJob(stored(encodeOrderJob(job)))).toEqual({ ...job, outcome: 'paid' });
      }),
    );
  });

  it('decode to the job of a refund after they were stored as JSON', () => {
    const refund = fc.record({
      refundId: fc.string(),
      outTradeNo: fc.string(),
      transactionId: fc.string(),
      successTime: opt(time),
      amount: fc.record({ refund: fc.nat(), total: fc.nat() }),
    });
    fc.assert(
      fc.property(open, refund, fc.boolean(), (progress, shown, isOpen) => {
        const outcome = { outcome: 'SUCCESS' as const, refund: { ...shown, outRefundNo: 'R1' } };
        const ended = {
          ...outcome,
          createdAt: new Date(0),
          checks: 0,
          failures: 0,
          notBefore: undefined,
          faultSince: undefined,
        };
        const job: RefundJob = { ...progress, ref: { outRefundNo: 'R1' }, ...(isOpen ? {} : ended) };
        expect(decodeRefundJob(stored(encodeRefundJob(job)))).toEqual(job);
      }),
    );
  });
});
