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
    ['never replied to', unreachable],
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
  ])('does not take the success for the reversal of %s', async (_, before) => {
    const gateway = new ScriptedReversals([before, order('REFUND', { transactionId: '42' })], [DONE]);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'repeat' });
  });

  it('returns reversed for a refund that is new', async () => {
    const gateway = new ScriptedReversals([paid(), order('REFUND', { transactionId: '42' })], [DONE]);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded: true });
  });
});

describe('reverse, of an order that is found reversed', () => {
  it.each([
    [
      'returns refunded: true for an order with a transactionId',
      [order('REVOKED', { transactionId: '42' })],
      { refunded: true },
    ],
    [
      'returns refunded: true if the query before shows a payment',
      [paid(), order('REVOKED')],
      { refunded: true },
    ],
    [
      'returns refunded: true if a query in between shows a payment',
      [order('USERPAYING'), paid(), order('REVOKED')],
      { refunded: true },
    ],
    [
      'omits refunded if the customer may have paid after the query',
      [order('USERPAYING'), order('REVOKED')],
      {},
    ],
    ['omits refunded if the order was unpaid before the reversal', [order('NOTPAY'), order('REVOKED')], {}],
    [
      'returns refunded: false for an order that is closed',
      [refusal('ORDERNOTEXIST'), order('CLOSED')],
      { refunded: false },
    ],
    ['omits refunded if the order was already reversed', [order('REVOKED')], {}],
    ['omits refunded if the order was unknown before', [refusal('ORDERNOTEXIST'), order('REVOKED')], {}],
    ['omits refunded if the order was in an unknown state before', [order('ACCEPT'), order('REVOKED')], {}],
  ])('%s', async (_, looks, told) => {
    const gateway = new ScriptedReversals(looks, [DONE]);

    await expect(reverseInVirtualTime(gateway)).resolves.toStrictEqual({ outcome: 'reversed', ...told });
  });
});

describe('reverse, of an order whose type is known', () => {
  it.each([
    ['from the first query', [order('SUCCESS', { tradeType: 'FACEPAY' }), order('REVOKED')], ['FACEPAY']],
    [
      'from a later query',
      [
        order('USERPAYING', { tradeType: undefined }),
        order('SUCCESS', { tradeType: 'FACEPAY' }),
        order('REVOKED', { tradeType: undefined }),
      ],
      [undefined, 'FACEPAY'],
    ],
  ])('passes the type to the API, known %s', async (_, looks, tradeTypes) => {
    const gateway = new ScriptedReversals(looks, [DONE]);

    await reverseInVirtualTime(gateway);

    expect(gateway.tradeTypes).toEqual(tradeTypes);
  });

  it('tells the API the type that the app gives, until a look shows another', async () => {
    const unpaid = order('USERPAYING', { tradeType: undefined });
    const gateway = new ScriptedReversals([unpaid, order('SUCCESS'), order('REVOKED')], [DONE]);

    await reverseInVirtualTime(gateway, { tradeType: 'FACEPAY' });

    expect(gateway.tradeTypes).toEqual(['FACEPAY', 'MICROPAY']);
  });
});
