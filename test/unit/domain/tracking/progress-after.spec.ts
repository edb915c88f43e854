import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  nextStep,
  progressAfter,
  WxPayTransportError,
  type OrderProgress,
  type Settlement,
  type StepResult,
  type SweepOutcome,
} from 'nestjs-wxpay';
import {
  orderIn,
  PLACED_AT,
  secondsAfter,
  trackedOrder,
  untouched,
} from '../../../support/fixtures/tracked-orders.js';
import {
  anyResult,
  anyTime,
  endedProgress,
  notFound,
  openProgress,
  outages,
} from '../../../support/models/tracking-model.js';

const NOW = secondsAfter(5);

describe('progressAfter a query', () => {
  it.each([
    ['SUCCESS', 'paid'],
    ['REFUND', 'paid'],
    ['CLOSED', 'closed'],
    ['REVOKED', 'closed'],
  ])('takes %s for %s', (tradeState, outcome) => {
    const after = progressAfter(untouched({ failures: 4 }), { order: orderIn(tradeState) }, NOW);

    expect(after).toEqual({ ...untouched(), outcome, notBefore: NOW });
  });

  it.each(['NOTPAY', 'USERPAYING', 'PAYERROR', 'ACCEPT', 'SOMETHING_NEW'])(
    'counts a check of an order in %s, which is open',
    (tradeState) => {
      const after = progressAfter(untouched({ failures: 4 }), { order: orderIn(tradeState) }, NOW);

      expect(after).toEqual({ ...untouched(), checks: 1, notBefore: NOW });
    },
  );

  it('counts a check of an order that WeChat Pay does not know, even at its expiry', () => {
    const after = progressAfter(untouched(), { error: notFound }, secondsAfter(9_000));

    expect(after).toEqual({ ...untouched(), checks: 1, notBefore: secondsAfter(9_000) });
  });

  it.each(outages)('counts a failure and no check after an outage (%#)', (error) => {
    const after = progressAfter(untouched({ checks: 3, failures: 1 }), { error }, NOW);

    expect(after).toEqual(untouched({ checks: 3, failures: 2, notBefore: NOW }));
  });
});

describe('progressAfter a settlement', () => {
  it.each<Settlement>([
    { outcome: 'paid', order: orderIn('SUCCESS'), refunded: false },
    { outcome: 'closed', order: orderIn('CLOSED') },
    { outcome: 'reverse-required', order: orderIn('USERPAYING') },
  ])('takes over the outcome $outcome', (settlement) => {
    expect(progressAfter(untouched(), { settlement }, NOW)).toMatchObject({ outcome: settlement.outcome });
  });

  it('takes "not found" for the outcome once the order has expired, not before', () => {
    const result: StepResult = { settlement: { outcome: 'not-found', signed: true } };

    const [before, after] = [1_799, 1_800].map((s) => progressAfter(untouched(), result, secondsAfter(s)));

    expect(before).toEqual({ ...untouched(), checks: 1, notBefore: secondsAfter(1_799) });
    expect(after).toMatchObject({ outcome: 'not-found' });
  });

  it('keeps the time at which an order is old enough', () => {
    const result: StepResult = { settlement: { outcome: 'too-young', retryAt: secondsAfter(300) } };

    expect(progressAfter(untouched(), result, NOW)).toEqual({
      ...untouched(),
      checks: 1,
      notBefore: secondsAfter(300),
    });
  });

  it('counts an unresolved settlement as a failure, so that the next one waits', () => {
    const result: StepResult = { settlement: { outcome: 'unresolved', order: orderIn('ACCEPT') } };

    expect(progressAfter(untouched(), result, NOW)).toEqual(untouched({ failures: 1, notBefore: NOW }));
  });
});

describe('progressAfter the outcome of a sweep', () => {
  it.each<[outcome: SweepOutcome, expected: Partial<OrderProgress>]>([
    [
      { order: trackedOrder(), state: orderIn('NOTPAY') },
      { checks: 1, failures: 0 },
    ],
    [
      { order: trackedOrder(), error: notFound },
      { checks: 1, failures: 0 },
    ],
    [
      { order: trackedOrder(), error: new WxPayTransportError('No reply.') },
      { checks: 0, failures: 4 },
    ],
    [
      { order: trackedOrder(), settlement: { outcome: 'closed', order: orderIn('CLOSED') } },
      { checks: 0, outcome: 'closed' },
    ],
  ])('is that after the same result of a step (%#)', (outcome, expected) => {
    expect(progressAfter(untouched({ failures: 3 }), outcome, NOW)).toMatchObject(expected);
  });
});

describe('progressAfter telling the app', () => {
  it('is done', () => {
    const after = progressAfter(untouched({ outcome: 'closed' }), { told: true }, NOW);

    expect(after).toEqual(untouched({ outcome: 'closed', told: true }));
  });

  it('is the same as before if there is nothing to tell', () => {
    expect(progressAfter(untouched(), { told: true }, NOW)).toEqual(untouched());
  });
});

describe('the progress of any order', () => {
  it('keeps its first outcome', () => {
    fc.assert(
      fc.property(endedProgress, anyResult, anyTime, (ended, result, now) => {
        const after = progressAfter(ended, result, now);

        expect({ ...after, told: ended.told }).toEqual(ended);
        expect(after.told ?? false).toBe(ended.told === true || 'told' in result);
      }),
    );
  });

  it('never counts a failure as a check, nor a check as a failure', () => {
    fc.assert(
      fc.property(openProgress, anyResult, anyTime, (open, result, now) => {
        const after = progressAfter(open, result, now);

        if (after.failures > open.failures) expect(after.checks).toBe(open.checks);
        if (after.checks > open.checks) expect(after.failures).toBe(0);
        expect(after.checks - open.checks + Math.max(after.failures - open.failures, 0)).toBeLessThanOrEqual(
          1,
        );
      }),
    );
  });

  it('is the same if the same outcome arrives again', () => {
    fc.assert(
      fc.property(openProgress, anyResult, anyTime, anyTime, (open, result, now, later) => {
        const after = progressAfter(open, result, now);
        if (after.outcome === undefined) return;

        expect(progressAfter(after, result, later)).toEqual(after);
      }),
    );
  });

  it('comes to its end after a bounded number of steps, if WeChat Pay replies', () => {
    fc.assert(
      fc.property(openProgress, anyTime, (open, start) => {
        let [progress, now, steps]: [OrderProgress, Date, number] = [open, start, 0];
        for (let next = nextStep(progress, now); next.step !== 'done'; next = nextStep(progress, now)) {
          if ('at' in next) now = next.at;
          progress = progressAfter(progress, replyTo(next.step), now);
          steps++;
        }

        // Ten days of a query every half hour, those of the first half hour, a settlement and the telling.
        expect(steps).toBeLessThanOrEqual(490);
      }),
      { numRuns: 50 },
    );
  });
});

/** Result of a step of an order that nobody pays. */
function replyTo(step: 'query' | 'settle' | 'deliver'): StepResult {
  if (step === 'query') return { order: orderIn('NOTPAY') };
  if (step === 'deliver') return { told: true };
  return { settlement: { outcome: 'closed', order: orderIn('CLOSED') } };
}

describe('an order without a single reply', () => {
  it('is asked about at most every five seconds, and every ten minutes in the end', () => {
    let [progress, now]: [OrderProgress, Date] = [untouched(), PLACED_AT];
    const gaps: number[] = [];
    for (let i = 0; i < 20; i++) {
      const next = nextStep(progress, now);
      if (!('at' in next)) throw new Error('The order has no outcome.');
      gaps.push((next.at.getTime() - now.getTime()) / 1000);
      now = next.at;
      progress = progressAfter(progress, { settlement: { outcome: 'unresolved' } }, now);
    }

    expect(Math.min(...gaps)).toBe(5);
    expect(gaps.slice(10)).toEqual(Array<number>(10).fill(600));
  });
});
