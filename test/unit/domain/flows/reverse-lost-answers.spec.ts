import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { reverseInVirtualTime } from '../../../support/harness/reverse-in-virtual-time.js';
import {
  order,
  paid,
  refusal,
  ScriptedReversals,
  unreachable,
} from '../../../support/models/scripted-reversals.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('reverse, refused because a lost reversal took effect', () => {
  it.each([
    ['ORDERREVERSED', true],
    ['ORDERREVERSED', false],
    ['TRADE_ERROR', true],
    ['ORDERCLOSED', true],
  ])('returns reversed after %s, signed: %s, if a query shows it', async (code, signed) => {
    const gateway = new ScriptedReversals(
      [paid(), unreachable, order('REVOKED')],
      [unreachable, refusal(code, signed)],
    );

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded: true });

    expect(gateway.asked).toEqual(['query', 'reverse', 'query', 'reverse', 'query']);
  });

  it.each([
    ['fails', unreachable],
    ['comes from a host that lags behind', paid()],
  ])('queries again if the query after ORDERREVERSED %s', async (_, look) => {
    const gateway = new ScriptedReversals([paid(), look, order('REVOKED')], [refusal('ORDERREVERSED')]);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded: true });
  });

  it('throws ORDERREVERSED if no query confirms it in time', async () => {
    const reversed = refusal('ORDERREVERSED');
    const gateway = new ScriptedReversals([paid()], [reversed]);

    await expect(reverseInVirtualTime(gateway, { timeoutMs: 2_500 })).rejects.toBe(reversed);
  });

  it('returns reversed for a new refund after ORDERREVERSED', async () => {
    const gateway = new ScriptedReversals(
      [paid(), order('REFUND', { transactionId: '42' })],
      [refusal('ORDERREVERSED')],
    );

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded: true });
  });

  it.each([
    ['an earlier refund', order('REFUND', { transactionId: '42' })],
    ['a refund that may be an earlier one', refusal('ORDERNOTEXIST')],
  ])('does not return reversed for %s after ORDERREVERSED', async (_, before) => {
    const reversed = refusal('ORDERREVERSED');
    const gateway = new ScriptedReversals([before, order('REFUND', { transactionId: '42' })], [reversed]);

    await expect(reverseInVirtualTime(gateway, { timeoutMs: 2_500 })).rejects.toBe(reversed);
  });
});
