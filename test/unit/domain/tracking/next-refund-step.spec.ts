import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  nextRefundStep,
  refundProgressAfter,
  refundSettledEvent,
  WxPayApiError,
  WxPayTransportError,
  type Refund,
  type RefundProgress,
} from 'nestjs-wxpay';

const BEGIN = new Date('2026-06-01T12:00:00Z');
const minutesAfter = (minutes: number): Date => new Date(BEGIN.getTime() + minutes * 60_000);
const NEW: RefundProgress = { createdAt: BEGIN, checks: 0, failures: 0 };
const AWAY = { error: new WxPayTransportError('away') };
const NOT_FOUND = {
  error: new WxPayApiError({
    call: { operation: 'refund.query', subject: 'refund R1', merchant: 'default' },
    code: 'RESOURCE_NOT_EXISTS',
    httpStatus: 404,
    signed: false,
  }),
};

function refundIn(status: string): { readonly refund: Refund } {
  const amount = { refund: 60, total: 100 };
  const numbers = { refundId: '5030', outRefundNo: 'R1', transactionId: '4200', outTradeNo: 'T1' };
  return { refund: { ...numbers, status, amount, userReceivedAccount: '招商银行信用卡0403', raw: {} } };
}

describe('nextRefundStep', () => {
  it('queries at the official pace', () => {
    const times: number[] = [];
    let progress = NEW;

    for (let now = BEGIN; times.length < 11;) {
      const next = nextRefundStep(progress, now);
      if (!('at' in next)) break;
      now = next.at;
      times.push((now.getTime() - BEGIN.getTime()) / 60_000);
      progress = refundProgressAfter(progress, refundIn('PROCESSING'), now);
    }

    expect(times).toEqual([1, 2, 3, 4, 5, 10, 20, 40, 70, 100, 130]);
    expect(progress.checks).toBe(11);
  });

  it('makes one query for all that were missed', () => {
    const late = minutesAfter(75);

    const progress = refundProgressAfter(NEW, refundIn('PROCESSING'), late);

    expect(nextRefundStep(NEW, late)).toEqual({ step: 'query', at: late });
    expect(nextRefundStep(progress, late)).toEqual({ step: 'query', at: minutesAfter(100) });
  });

  it('repeats a failed query after 5 s, then twice as long each time', () => {
    const once = refundProgressAfter(NEW, AWAY, minutesAfter(1));
    const twice = refundProgressAfter(once, AWAY, minutesAfter(2));

    expect(nextRefundStep(once, minutesAfter(1))).toEqual({ step: 'query', at: minutesAfter(1 + 5 / 60) });
    expect(nextRefundStep(twice, minutesAfter(2))).toEqual({ step: 'query', at: minutesAfter(2 + 10 / 60) });
    expect(twice).toMatchObject({ checks: 0, failures: 2 });
  });

  it.each(['SUCCESS', 'CLOSED', 'ABNORMAL'] as const)(
    'tells the app at once that the refund is %s',
    (status) => {
      const progress = refundProgressAfter(NEW, refundIn(status), minutesAfter(1));

      expect(progress.outcome).toBe(status);
      expect(nextRefundStep(progress, minutesAfter(1))).toEqual({ step: 'deliver' });
    },
  );

  it.each([
    ['is in a state of the future', refundIn('QUEUED')],
    ['is not known yet', NOT_FOUND],
  ])('goes on if the refund %s', (_, result) => {
    const progress = refundProgressAfter({ ...NEW, failures: 3 }, result, minutesAfter(1));

    expect(progress).toEqual({ ...NEW, checks: 1, notBefore: minutesAfter(1) });
  });

  it('never asks in the past, and always later than the last query', () => {
    const results = fc.constantFrom(AWAY, NOT_FOUND, refundIn('PROCESSING'));
    fc.assert(
      fc.property(fc.array(fc.tuple(results, fc.nat(3_600_000))), (steps) => {
        let progress = NEW;
        let now = BEGIN;
        for (const [result, lateMs] of steps) {
          const next = nextRefundStep(progress, now);
          if (!('at' in next)) throw new Error('No result of these is final.');
          expect(next.at.getTime()).toBeGreaterThan(now.getTime());
          now = new Date(next.at.getTime() + lateMs);
          progress = refundProgressAfter(progress, result, now);
        }
      }),
    );
  });
});

describe('refundSettledEvent', () => {
  it('has the key and the amounts of the refund, and nothing personal', () => {
    const tracked = { ref: { outRefundNo: 'R1' }, merchant: 'eu/1' };

    expect(refundSettledEvent(tracked, 'SUCCESS', refundIn('SUCCESS').refund)).toEqual({
      key: 'refund/eu%2F1///R1/SUCCESS',
      merchant: 'eu/1',
      ref: { outRefundNo: 'R1' },
      status: 'SUCCESS',
      refund: {
        refundId: '5030',
        outRefundNo: 'R1',
        outTradeNo: 'T1',
        transactionId: '4200',
        amount: { refund: 60, total: 100 },
      },
    });
  });
});
