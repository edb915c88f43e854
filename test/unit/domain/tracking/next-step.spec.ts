import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { nextStep, progressAfter, type NextStep, type OrderProgress, type StepResult } from 'nestjs-wxpay';
import { anyProgress, anyTime } from '../../../support/models/tracking-model.js';
import { orderIn, PLACED_AT, secondsAfter, untouched } from '../../../support/fixtures/tracked-orders.js';

const OPEN: StepResult = { order: orderIn('NOTPAY') };

/** Seconds after the placing at which the steps of an order are made whose results are all alike. */
function timetable(progress: OrderProgress, result: StepResult, steps: number): readonly string[] {
  const times: string[] = [];
  for (let now = PLACED_AT, at = progress; times.length < steps;) {
    const next = nextStep(at, now);
    if (!('at' in next)) break;
    times.push(`${next.step} ${(next.at.getTime() - PLACED_AT.getTime()) / 1000}`);
    now = next.at;
    at = progressAfter(at, result, now);
  }
  return times;
}

const timeOf = (next: NextStep): number => ('at' in next ? next.at.getTime() : NaN);

describe('nextStep', () => {
  it('queries an open order on the official schedule and settles it when it expires', () => {
    expect(timetable(untouched({ expiresAt: secondsAfter(6_000) }), OPEN, 10)).toEqual([
      'query 5',
      'query 30',
      'query 60',
      'query 180',
      'query 300',
      'query 600',
      'query 1800',
      'query 3600',
      'query 5400',
      'settle 6000',
    ]);
  });

  it('settles an order that expires before the first query', () => {
    const progress = untouched({ expiresAt: secondsAfter(4) });

    expect(nextStep(progress, PLACED_AT)).toEqual({ step: 'settle', at: secondsAfter(4) });
  });

  it('makes one query at once for all that were missed', () => {
    const late = secondsAfter(1_000);

    const next = nextStep(untouched(), late);

    expect(next).toEqual({ step: 'query', at: late });
    expect(nextStep(progressAfter(untouched(), OPEN, late), late)).toEqual({
      step: 'settle',
      at: secondsAfter(1_800),
    });
  });

  it('leaves out a scheduled query less than five seconds after the last one', () => {
    const checked = progressAfter(untouched(), OPEN, secondsAfter(26));

    expect(nextStep(checked, secondsAfter(26))).toEqual({ step: 'query', at: secondsAfter(60) });
  });

  it('doubles the pause after each failure, up to ten minutes', () => {
    const progress = untouched({ failures: 1, notBefore: PLACED_AT, expiresAt: secondsAfter(9_000) });

    const pauses = [1, 2, 3, 7, 8, 9, 5_000].map(
      (failures) => (timeOf(nextStep({ ...progress, failures }, PLACED_AT)) - PLACED_AT.getTime()) / 1000,
    );

    expect(pauses).toEqual([5, 10, 20, 320, 600, 600, 600]);
  });

  it('pauses after a failed settlement, too', () => {
    const failed = untouched({ failures: 3, notBefore: secondsAfter(1_800) });

    expect(nextStep(failed, secondsAfter(1_800))).toEqual({ step: 'settle', at: secondsAfter(1_820) });
  });

  it('settles at the time that a settlement named, not before', () => {
    const tooYoung = untouched({ expiresAt: secondsAfter(60), notBefore: secondsAfter(300) });

    expect(nextStep(tooYoung, secondsAfter(61))).toEqual({ step: 'settle', at: secondsAfter(300) });
  });

  it('delivers a known outcome before anything else, and then is done', () => {
    expect(nextStep(untouched({ outcome: 'paid' }), PLACED_AT)).toEqual({ step: 'deliver' });
    expect(nextStep(untouched({ outcome: 'paid', told: true }), PLACED_AT)).toEqual({ step: 'done' });
  });
});

describe('the steps of any order', () => {
  it('are never in the past, never before notBefore, and the same when their time has come', () => {
    fc.assert(
      fc.property(anyProgress, anyTime, (progress, now) => {
        const next = nextStep(progress, now);
        if (!('at' in next)) return;

        expect(next.at.getTime()).toBeGreaterThanOrEqual(now.getTime());
        expect(next.at.getTime()).toBeGreaterThanOrEqual(progress.notBefore?.getTime() ?? 0);
        expect(nextStep(progress, next.at)).toEqual(next);
      }),
    );
  });

  it('are queries before the order expires and settlements from then on', () => {
    fc.assert(
      fc.property(anyProgress, anyTime, (progress, now) => {
        const next = nextStep(progress, now);
        if (!('at' in next)) return;

        expect(next.step).toBe(next.at < progress.expiresAt ? 'query' : 'settle');
      }),
    );
  });

  it('do not come earlier if they are asked for later', () => {
    fc.assert(
      fc.property(anyProgress, anyTime, fc.nat(10_000_000), (progress, now, laterMs) => {
        const [sooner, later] = [now, new Date(now.getTime() + laterMs)].map((at) => nextStep(progress, at));
        if (sooner === undefined || later === undefined || !('at' in sooner)) return;

        expect(timeOf(later)).toBeGreaterThanOrEqual(timeOf(sooner));
      }),
    );
  });
});
