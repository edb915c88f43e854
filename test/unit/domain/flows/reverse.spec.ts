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
      'an order that is paid after the first look',
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
    ['finds it paid still', paid()],
    ['finds it unpaid still', order('USERPAYING')],
    ['does not find it', refusal('ORDERNOTEXIST')],
  ])('looks again when the second look %s', async (_, look) => {
    const gateway = new ScriptedReversals([paid(), look, order('REVOKED')], [DONE]);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded: true });

    expect(gateway.asked).toEqual(['query', 'reverse', 'query', 'reverse', 'query']);
  });

  it.each([paid(), order('USERPAYING'), unreachable])(
    'never says reversed without having seen it',
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
  ])('takes %s for the end of it, too', async (state, refunded) => {
    const fields = refunded ? { transactionId: '42' } : {};
    const gateway = new ScriptedReversals([order('USERPAYING'), order(state, fields)], [DONE]);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded });
  });

  it('leaves an order alone that is reversed already', async () => {
    const gateway = new ScriptedReversals([order('REVOKED', { transactionId: '42' })], []);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded: true });

    expect(gateway.asked).toEqual(['query']);
  });

  it('asks again as long as WeChat Pay wants it', async () => {
    const gateway = new ScriptedReversals([order('USERPAYING'), order('REVOKED')], [AGAIN, AGAIN, DONE]);

    await expect(reverseInVirtualTime(gateway)).resolves.toStrictEqual({ outcome: 'reversed' });

    expect(gateway.asked).toEqual(['query', 'reverse', 'reverse', 'reverse', 'query']);
  });

  it('says repeat when the time is up before WeChat Pay is content', async () => {
    const gateway = new ScriptedReversals([order('USERPAYING')], [AGAIN]);

    await expect(reverseInVirtualTime(gateway, { timeoutMs: 3_500 })).resolves.toEqual({ outcome: 'repeat' });

    expect(gateway.asked.filter((kind) => kind === 'reverse')).toHaveLength(4);
  });

  it.each(['SYSTEMERROR', 'TRADE_ERROR', 'ORDERREVERSED'])(
    'says repeat when the time is up and WeChat Pay asks again with a refusal: %s',
    async (code) => {
      const gateway = new ScriptedReversals([order('USERPAYING')], [refusal(code, true, true)]);

      await expect(reverseInVirtualTime(gateway, { timeoutMs: 2_500 })).resolves.toEqual({
        outcome: 'repeat',
      });
    },
  );

  it.each([
    ['a system error', refusal('SYSTEMERROR')],
    ['silence', unreachable],
  ])('looks whether it worked after %s, and tries again if not', async (_, failure) => {
    const gateway = new ScriptedReversals(
      [order('USERPAYING'), order('USERPAYING'), order('REVOKED')],
      [failure, DONE],
    );

    await expect(reverseInVirtualTime(gateway)).resolves.toStrictEqual({ outcome: 'reversed' });

    expect(gateway.asked).toEqual(['query', 'reverse', 'query', 'reverse', 'query']);
  });

  it('is content after a system error when the order turns out to be reversed', async () => {
    const gateway = new ScriptedReversals([paid(), order('REVOKED')], [refusal('SYSTEMERROR')]);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'reversed', refunded: true });
  });

  it('rejects with the last failure when the time is up', async () => {
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
      'too late, by what the app knows',
      { paidAt: new Date(NOW - 7 * DAY_MS - 1) },
      { outcome: 'expired' },
      ['query'],
    ],
  ])('does not reverse %s', async (_, options, expected, asked) => {
    const gateway = new ScriptedReversals([paid()], []);

    await expect(reverseInVirtualTime(gateway, options)).resolves.toEqual(expected);

    expect(gateway.asked).toEqual(asked);
  });

  it('does not reverse too late, by what WeChat Pay knows', async () => {
    const gateway = new ScriptedReversals([paid(new Date(NOW - 7 * DAY_MS - 1))], []);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'expired' });
  });

  it('reverses at the first and at the last moment', async () => {
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
  ])('passes on %s about an order that is open still', async (code, asked) => {
    const gateway = new ScriptedReversals([order('USERPAYING')], [refusal(code)]);

    await expect(reverseInVirtualTime(gateway)).rejects.toMatchObject({
      name: 'WxPayApiError',
      operation: 'order.reverse',
    });

    expect(gateway.asked).toEqual(asked);
  });

  it('lets a defect of the second look pass', async () => {
    const gateway = new ScriptedReversals([paid(), new TypeError('a defect')], [DONE]);

    await expect(reverseInVirtualTime(gateway)).rejects.toThrow(TypeError);
  });

  it.each([
    ['for want of an answer', unreachable],
    ['because of the credentials', refusal('SIGNERROR')],
  ])('reverses nothing when the first look fails %s', async (_, failure) => {
    const gateway = new ScriptedReversals([failure], []);

    await expect(reverseInVirtualTime(gateway)).rejects.toBe(failure);

    expect(gateway.asked).toEqual(['query']);
  });

  it('stops waiting when the caller gives up', async () => {
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
