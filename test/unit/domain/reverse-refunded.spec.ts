import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { reverseInVirtualTime } from '../../support/reverse-in-virtual-time.js';
import { order, refusal, ScriptedReversals, unreachable } from '../../support/scripted-reversals.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('reverse, of an order with a refund', () => {
  it.each([
    ['never answered', unreachable],
    ['refused with a system error', refusal('SYSTEMERROR')],
  ])('does not take an earlier refund for a reversal that was %s', async (_, failure) => {
    const refunded = order('REFUND', { transactionId: '42' });
    const failing = new ScriptedReversals([refunded], [failure]);
    const passing = new ScriptedReversals([refunded], [failure, { recall: false }]);

    await expect(reverseInVirtualTime(failing, { timeoutMs: 2_500 })).rejects.toBe(failure);
    await expect(reverseInVirtualTime(passing)).resolves.toEqual({ outcome: 'reversed', refunded: true });

    expect(passing.asked).toEqual(['query', 'reverse', 'query', 'reverse', 'query']);
  });
});
