import { describe, expect, it } from '@jest/globals';
import type { MockFaultKind, MockFaultPolicy } from 'nestjs-wxpay/testing';
import type { FaultTarget } from '../../../../lib/testing/faults/fault-kinds.js';
import { RandomFaults } from '../../../../lib/testing/faults/random-faults.js';

const subject = { isOpen: true, hasOther: true, pay: () => undefined };
const QUERY: FaultTarget = { api: 'APIv3', operation: 'order.query', subject };
const CLOSE: FaultTarget = { ...QUERY, operation: 'order.close' };
const orders = Array.from({ length: 1000 }, (_, i) => `T${i}`);

const kindsOf = (policy: Partial<MockFaultPolicy>, target = QUERY) => {
  const faults = new RandomFaults({ seed: 1, rate: 1, ...policy });
  return orders.map((order) => faults.draw(target, order)?.kind);
};
const share = (kinds: readonly (MockFaultKind | undefined)[], kind?: MockFaultKind) =>
  kinds.filter((each) => each === kind).length / kinds.length;

describe('RandomFaults', () => {
  it('chooses the same faults for the same seed, and others for another seed', () => {
    const [once, again, other] = [kindsOf({}), kindsOf({}), kindsOf({ seed: 2 })];

    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
  });

  it('chooses the faults of an order independently of other orders', () => {
    const [alone, disturbed] = [1, 1].map((seed) => new RandomFaults({ seed, rate: 0.5 }));

    const expected = orders.map(() => alone?.draw(QUERY, 'T1'));
    const mixed = orders.map((other) => {
      disturbed?.draw(CLOSE, other === 'T1' ? 'T0' : other);
      return disturbed?.draw(QUERY, 'T1');
    });

    expect(mixed).toEqual(expected);
  });

  it.each([
    [0, 0],
    [0.3, 0.3],
    [1, 1],
  ])('chooses faults at the rate %d', (rate, expected) => {
    expect(1 - share(kindsOf({ rate }))).toBeCloseTo(expected, 1);
  });

  it('chooses kinds by weight', () => {
    const kinds = kindsOf({ kinds: { hang: 3, html: 1, probe: 0 } });

    expect(share(kinds, 'hang')).toBeCloseTo(0.75, 1);
    expect(share(kinds, 'html')).toBeCloseTo(0.25, 1);
    expect(share(kinds, 'probe')).toBe(0);
  });

  it('chooses among the applicable kinds', () => {
    expect(new Set(kindsOf({ kinds: ['swapped', 'order-paid', 'doctype', 'downgraded'] }))).toEqual(
      new Set(['swapped']),
    );
    expect(new Set(kindsOf({ kinds: ['swapped', 'order-paid', 'pay-during-close'] }, CLOSE))).toEqual(
      new Set(['order-paid', 'pay-during-close']),
    );
  });

  it('chooses no fault if no kind is applicable', () => {
    const nothingElse = { ...CLOSE, subject: { ...subject, isOpen: false, hasOther: false } };

    expect(new Set(kindsOf({ kinds: ['swapped', 'pay-during-close'] }, nothingElse))).toEqual(
      new Set([undefined]),
    );
  });

  it('chooses no fault for requests that do not match', () => {
    expect(share(kindsOf({ when: { operation: 'order.close' } }))).toBe(1);
    expect(share(kindsOf({ when: { outTradeNo: 'T5' } }))).toBe(0.999);
  });

  it('draws no numbers for requests that do not match', () => {
    const policy = { seed: 1, rate: 0.5, when: { operation: 'order.query' } };
    const [alone, disturbed] = [new RandomFaults(policy), new RandomFaults(policy)];

    const expected = orders.map(() => alone.draw(QUERY, 'T1'));
    const mixed = orders.map(() => {
      disturbed.draw(CLOSE, 'T1');
      return disturbed.draw(QUERY, 'T1');
    });

    expect(mixed).toEqual(expected);
  });

  it('counts the faults', () => {
    const faults = new RandomFaults({ seed: 1, rate: 0.5, kinds: ['hang', 'html'] });

    const struck = orders.flatMap((order) => faults.draw(QUERY, order)?.kind ?? []);

    expect(faults.counts.hang + faults.counts.html).toBe(struck.length);
    expect(faults.counts.hang).toBe(struck.filter((kind) => kind === 'hang').length);
    expect(faults.counts.probe).toBe(0);
  });

  it.each<[policy: object, message: string]>([
    [{ seed: 1.5 }, 'The seed of faults must be a whole number.'],
    [{ seed: '1' }, 'The seed of faults must be a whole number.'],
    [{ rate: 1.1 }, 'The rate of faults must be a number from 0 to 1.'],
    [{ rate: -0.1 }, 'The rate of faults must be a number from 0 to 1.'],
    [{ rate: NaN }, 'The rate of faults must be a number from 0 to 1.'],
    [{ kinds: ['hung'] }, 'There is no fault of the kind "hung". docs/testing.md lists the kinds.'],
    [{ kinds: { hang: -1 } }, 'The weight of "hang" must be a number of at least 0.'],
    [{ kinds: { hang: NaN } }, 'The weight of "hang" must be a number of at least 0.'],
    [{ kinds: [] }, 'The faults need one kind at least. Leave kinds out for all.'],
    [{ kinds: { hang: 0 } }, 'The faults need one kind at least. Leave kinds out for all.'],
  ])('rejects %j', (policy, message) => {
    expect(() => new RandomFaults({ seed: 1, rate: 0.5, ...policy })).toThrow(message);
  });
});
