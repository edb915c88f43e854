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

describe('reverse, refused because of what a lost reversal did', () => {
  it.each([
    ['ORDERREVERSED', true],
    ['ORDERREVERSED', false],
    ['TRADE_ERROR', true],
    ['ORDERCLOSED', true],
  ])('sees after %s, with signature %s, that the order is reversed', async (code, signed) => {
    const gateway = new ScriptedReversals(
      [paid(), unreachable, order('REVOKED')],
      [unreachable, refusal(code, signed)],
    );

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded: true });

    expect(gateway.asked).toEqual(['query', 'reverse', 'query', 'reverse', 'query']);
  });

  it.each([
    ['fails', unreachable],
    ['is answered by a site that lags behind', paid()],
  ])('looks again when the look after ORDERREVERSED %s', async (_, look) => {
    const gateway = new ScriptedReversals([paid(), look, order('REVOKED')], [refusal('ORDERREVERSED')]);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded: true });
  });

  it('passes on ORDERREVERSED when no look confirms it in time', async () => {
    const reversed = refusal('ORDERREVERSED');
    const gateway = new ScriptedReversals([paid()], [reversed]);

    await expect(reverseInVirtualTime(gateway, { timeoutMs: 2_500 })).rejects.toBe(reversed);
  });

  it('takes a new refund for the end after ORDERREVERSED', async () => {
    const gateway = new ScriptedReversals(
      [paid(), order('REFUND', { transactionId: '42' })],
      [refusal('ORDERREVERSED')],
    );

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded: true });
  });

  it.each([
    ['an earlier refund', order('REFUND', { transactionId: '42' })],
    ['a refund that may be an earlier one', refusal('ORDERNOTEXIST')],
  ])('does not take %s for the end after ORDERREVERSED', async (_, before) => {
    const reversed = refusal('ORDERREVERSED');
    const gateway = new ScriptedReversals([before, order('REFUND', { transactionId: '42' })], [reversed]);

    await expect(reverseInVirtualTime(gateway, { timeoutMs: 2_500 })).rejects.toBe(reversed);
  });
});
