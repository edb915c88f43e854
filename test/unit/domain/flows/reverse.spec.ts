import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { reverse } from '../../../../lib/domain/flows/reverse.js';
import { reverseInVirtualTime } from '../../../support/harness/reverse-in-virtual-time.js';
import {
  AGAIN,
  DONE,
  NOW,
  order,
  paid,
  refusal,
  ScriptedReversals,
  unreachable,
} from '../../../support/models/scripted-reversals.js';

const DAY_MS = 86_400_000;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('reverse', () => {
  it.each([
    ['an unpaid order', [order('USERPAYING'), order('REVOKED')], undefined],
    ['a paid order, which refunds it', [paid(), order('REVOKED')], true],
    [
      'an order that was paid, by its time alone',
      [order('SUCCESS', { successTime: new Date(NOW) }), order('REVOKED')],
      true,
    ],
    [
      'an order that is paid after the first query',
      [order('USERPAYING'), order('REVOKED', { transactionId: '42' })],
      true,
    ],
    ['an order whose payment failed', [order('PAYERROR'), order('REVOKED')], undefined],
    ['an order paid by face', [order('USERPAYING', { tradeType: 'FACEPAY' }), order('REVOKED')], undefined],
    [
      'an order without a type, as it has before payment',
      [order('NOTPAY', { tradeType: undefined }), order('REVOKED')],
      undefined,
    ],
  ])('reverses %s', async (_, queries, refunded) => {
    const gateway = new ScriptedReversals(queries, [DONE]);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded });

    expect(gateway.asked).toEqual(['query', 'reverse', 'query']);
  });

  it.each([
    ['fails', unreachable],
    ['shows it still paid', paid()],
    ['shows it still unpaid', order('USERPAYING')],
    ['does not find the order', refusal('ORDERNOTEXIST')],
  ])('queries again if the query after the reversal %s', async (_, look) => {
    const gateway = new ScriptedReversals([paid(), look, order('REVOKED')], [DONE]);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded: true });

    expect(gateway.asked).toEqual(['query', 'reverse', 'query', 'reverse', 'query']);
  });

  it.each([paid(), order('USERPAYING'), unreachable])(
    'never returns reversed before a query shows it',
    async (look) => {
      const gateway = new ScriptedReversals([order('USERPAYING'), look], [DONE]);

      await expect(reverseInVirtualTime(gateway, { timeoutMs: 2_500 })).resolves.toEqual({
        outcome: 'repeat',
      });
    },
  );

  it.each([
    ['CLOSED', false],
    ['REFUND', true],
  ])('returns reversed for an order in the state %s, too', async (state, refunded) => {
    const fields = refunded ? { transactionId: '42' } : {};
    const gateway = new ScriptedReversals([order('USERPAYING'), order(state, fields)], [DONE]);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded });
  });

  it('sends no reversal for an order that is already reversed', async () => {
    const gateway = new ScriptedReversals([order('REVOKED', { transactionId: '42' })], []);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded: true });

    expect(gateway.asked).toEqual(['query']);
  });

  it('reverses again as long as WeChat Pay asks for it', async () => {
    const gateway = new ScriptedReversals([order('USERPAYING'), order('REVOKED')], [AGAIN, AGAIN, DONE]);

    await expect(reverseInVirtualTime(gateway)).resolves.toStrictEqual({ outcome: 'reversed' });

    expect(gateway.asked).toEqual(['query', 'reverse', 'reverse', 'reverse', 'query']);
  });

  it('returns repeat if the time is up while WeChat Pay asks for another reversal', async () => {
    const gateway = new ScriptedReversals([order('USERPAYING')], [AGAIN]);

    await expect(reverseInVirtualTime(gateway, { timeoutMs: 3_500 })).resolves.toEqual({ outcome: 'repeat' });

    expect(gateway.asked.filter((kind) => kind === 'reverse')).toHaveLength(4);
  });

  it.each(['SYSTEMERROR', 'TRADE_ERROR', 'ORDERREVERSED'])(
    'returns repeat if the time is up and WeChat Pay asks again with a refusal, %s',
    async (code) => {
      const gateway = new ScriptedReversals([order('USERPAYING')], [refusal(code, true, true)]);

      await expect(reverseInVirtualTime(gateway, { timeoutMs: 2_500 })).resolves.toEqual({
        outcome: 'repeat',
      });
    },
  );

  it.each([
    ['a system error', refusal('SYSTEMERROR')],
    ['a request without a reply', unreachable],
  ])('queries after %s, and reverses again if the order is open', async (_, failure) => {
    const gateway = new ScriptedReversals(
      [order('USERPAYING'), order('USERPAYING'), order('REVOKED')],
      [failure, DONE],
    );

    await expect(reverseInVirtualTime(gateway)).resolves.toStrictEqual({ outcome: 'reversed' });

    expect(gateway.asked).toEqual(['query', 'reverse', 'query', 'reverse', 'query']);
  });

  it('returns reversed after a system error if a query shows it', async () => {
    const gateway = new ScriptedReversals([paid(), order('REVOKED')], [refusal('SYSTEMERROR')]);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded: true });
  });

  it('throws the last failure when the time is up', async () => {
    const gateway = new ScriptedReversals([order('USERPAYING')], [unreachable]);

    await expect(reverseInVirtualTime(gateway, { timeoutMs: 2_500 })).rejects.toBe(unreachable);
  });

  it.each([
    [
      'too early',
      { createdAt: new Date(NOW - 14_999) },
      { outcome: 'too-early', retryAt: new Date(NOW + 1) },
      [],
    ],
    [
      'too late, by the time that the app passes',
      { paidAt: new Date(NOW - 7 * DAY_MS - 1) },
      { outcome: 'expired' },
      ['query'],
    ],
  ])('does not reverse %s', async (_, options, expected, asked) => {
    const gateway = new ScriptedReversals([paid()], []);

    await expect(reverseInVirtualTime(gateway, options)).resolves.toEqual(expected);

    expect(gateway.asked).toEqual(asked);
  });

  it('does not reverse an order that WeChat Pay reports as paid too long ago', async () => {
    const gateway = new ScriptedReversals([paid(new Date(NOW - 7 * DAY_MS - 1))], []);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'expired' });
  });

  it('reverses at the first and at the last allowed moment', async () => {
    const first = new ScriptedReversals([order('USERPAYING'), order('REVOKED')], [DONE]);
    const last = new ScriptedReversals([paid(new Date(NOW - 7 * DAY_MS)), order('REVOKED')], [DONE]);

    await expect(reverseInVirtualTime(first, { createdAt: new Date(NOW - 15_000) })).resolves.toMatchObject({
      outcome: 'reversed',
    });
    await expect(reverseInVirtualTime(last)).resolves.toMatchObject({ outcome: 'reversed' });
  });

  it('refuses an order that was not placed by 付款码', async () => {
    const gateway = new ScriptedReversals([order('NOTPAY', { tradeType: 'JSAPI' })], []);

    await expect(reverseInVirtualTime(gateway)).rejects.toMatchObject({
      code: 'WXPAY_INPUT',
      message:
        'ref names an order of type JSAPI; only 付款码 and 刷脸 orders can be reversed. Close it if it is unpaid, refund it if it is paid.',
    });
  });

  it.each([
    ['SIGNERROR', ['query', 'reverse']],
    ['TRADE_ERROR', ['query', 'reverse', 'query']],
    ['ORDERCLOSED', ['query', 'reverse', 'query']],
  ])('throws %s if the order is still open', async (code, asked) => {
    const gateway = new ScriptedReversals([order('USERPAYING')], [refusal(code)]);

    await expect(reverseInVirtualTime(gateway)).rejects.toMatchObject({
      name: 'WxPayApiError',
      operation: 'order.reverse',
    });

    expect(gateway.asked).toEqual(asked);
  });

  it('throws a defect of the query after a reversal', async () => {
    const gateway = new ScriptedReversals([paid(), new TypeError('a defect')], [DONE]);

    await expect(reverseInVirtualTime(gateway)).rejects.toThrow(TypeError);
  });

  it.each([
    ['without a reply', unreachable],
    ['because of the credentials', refusal('SIGNERROR')],
  ])('reverses nothing if the first query fails %s', async (_, failure) => {
    const gateway = new ScriptedReversals([failure], []);

    await expect(reverseInVirtualTime(gateway)).rejects.toBe(failure);

    expect(gateway.asked).toEqual(['query']);
  });

  it('stops waiting when the caller aborts', async () => {
    const caller = new AbortController();
    const gateway = new ScriptedReversals([order('USERPAYING')], [AGAIN]);
    const running = reverse(gateway, { outTradeNo: 'T1' }, { signal: caller.signal }, () => NOW);
    const settled = expect(running).rejects.toBe('enough');
    await jest.advanceTimersByTimeAsync(500);

    caller.abort('enough');

    await settled;
    expect(jest.getTimerCount()).toBe(0);
  });
});
