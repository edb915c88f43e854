import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { reverseInVirtualTime } from '../../../support/harness/reverse-in-virtual-time.js';
import {
  DONE,
  order,
  paid,
  PROVEN,
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

describe('reverse, of an order with a refund', () => {
  it.each([
    ['never answered', unreachable],
    ['refused with a system error', refusal('SYSTEMERROR')],
  ])('does not take an earlier refund for a reversal that was %s', async (_, failure) => {
    const refunded = order('REFUND', { transactionId: '42' });
    const failing = new ScriptedReversals([refunded], [failure]);
    const passing = new ScriptedReversals([refunded], [failure, PROVEN]);

    await expect(reverseInVirtualTime(failing, { timeoutMs: 2_500 })).rejects.toBe(failure);
    await expect(reverseInVirtualTime(passing)).resolves.toEqual({ outcome: 'reversed', refunded: true });

    expect(passing.asked).toEqual(['query', 'reverse', 'query', 'reverse', 'query']);
  });
});

describe('reverse, after a success that names no order', () => {
  it.each([
    ['an earlier refund', order('REFUND', { transactionId: '42' })],
    ['an order that was unknown before', refusal('ORDERNOTEXIST')],
  ])('does not take it for the reversal of %s', async (_, before) => {
    const gateway = new ScriptedReversals([before, order('REFUND', { transactionId: '42' })], [DONE]);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'repeat' });
  });

  it('is content with a refund that is new', async () => {
    const gateway = new ScriptedReversals([paid(), order('REFUND', { transactionId: '42' })], [DONE]);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded: true });
  });
});

describe('reverse, of an order that is found reversed', () => {
  it.each([
    ['that it was paid, by its number', [order('REVOKED', { transactionId: '42' })], { refunded: true }],
    ['that it was paid, by a look before', [paid(), order('REVOKED')], { refunded: true }],
    [
      'that it was paid, by a look in between',
      [order('USERPAYING'), paid(), order('REVOKED')],
      { refunded: true },
    ],
    ['nothing when it may have been paid after the look', [order('USERPAYING'), order('REVOKED')], {}],
    ['nothing when it was unpaid at the look', [order('NOTPAY'), order('REVOKED')], {}],
    [
      'that it was not paid, as it is closed',
      [refusal('ORDERNOTEXIST'), order('CLOSED')],
      { refunded: false },
    ],
    ['nothing when it was so from the beginning', [order('REVOKED')], {}],
    ['nothing when it was unknown before', [refusal('ORDERNOTEXIST'), order('REVOKED')], {}],
    ['nothing when it was in an unknown state before', [order('ACCEPT'), order('REVOKED')], {}],
  ])('says %s', async (_, looks, told) => {
    const gateway = new ScriptedReversals(looks, [DONE]);

    await expect(reverseInVirtualTime(gateway)).resolves.toStrictEqual({ outcome: 'reversed', ...told });
  });
});

describe('reverse, of an order whose type is known', () => {
  it.each([
    ['from the first look', [order('SUCCESS', { tradeType: 'FACEPAY' }), order('REVOKED')], ['FACEPAY']],
    [
      'from a later look',
      [
        order('USERPAYING', { tradeType: undefined }),
        order('SUCCESS', { tradeType: 'FACEPAY' }),
        order('REVOKED', { tradeType: undefined }),
      ],
      [undefined, 'FACEPAY'],
    ],
  ])('tells the API of it, %s', async (_, looks, tradeTypes) => {
    const gateway = new ScriptedReversals(looks, [DONE]);

    await reverseInVirtualTime(gateway);

    expect(gateway.tradeTypes).toEqual(tradeTypes);
  });
});
