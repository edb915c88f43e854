import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { reverse, type Reversal, type ReverseOptions } from '../../../lib/domain/reverse.js';
import { NOW, order, refusal, ScriptedReversals, unreachable } from '../../support/scripted-reversals.js';

async function run(gateway: ScriptedReversals, options: ReverseOptions = {}): Promise<Reversal> {
  const running = reverse(gateway, { outTradeNo: 'T1' }, options, () => NOW);
  const settled = running.catch(() => undefined);
  await jest.advanceTimersByTimeAsync(60_000);
  await settled;
  return running;
}

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

    await expect(run(failing, { timeoutMs: 2_500 })).rejects.toBe(failure);
    await expect(run(passing)).resolves.toEqual({ outcome: 'reversed', refunded: true });

    expect(passing.asked).toEqual(['query', 'reverse', 'query', 'reverse', 'query']);
  });
});
