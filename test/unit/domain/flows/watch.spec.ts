import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { OrderQueryService } from '../../../../lib/orders/order-query.service.js';
import { accessTo } from '../../../support/harness/access-to.js';
import { order, refusal, silence, Watched } from '../../../support/harness/watched-order.js';

const pass = (seconds: number): Promise<void> => jest.advanceTimersByTimeAsync(seconds * 1000);

beforeEach(() => {
  jest.useFakeTimers({ now: Date.UTC(2026, 0) });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('OrderQueryService.watch', () => {
  it('queries at once, then on the official schedule, then every 30 minutes', async () => {
    const watched = new Watched([order('NOTPAY')]);

    await pass(2 * 3600);

    expect(watched.askedAt).toEqual([0, 5, 35, 95, 275, 575, 1175, 2975, 4775, 6575]);
    expect(watched.seen).toEqual(['NOTPAY']);
    watched.subscription.unsubscribe();
  });

  it.each([
    ['by its type', order('NOTPAY', { tradeType: 'MICROPAY' })],
    ['by its type, paid by face', order('NOTPAY', { tradeType: 'FACEPAY' })],
    ['by its state', order('USERPAYING')],
  ])('queries a 付款码 order, known %s, every 5 seconds for 30 seconds first', async (_, open) => {
    const watched = new Watched([open]);

    await pass(130);

    expect(watched.askedAt).toEqual([0, 5, 10, 15, 20, 25, 30, 60, 120]);
    watched.subscription.unsubscribe();
  });

  it('remembers a 付款码 order by an earlier state', async () => {
    const watched = new Watched([order('USERPAYING'), order('NOTPAY')]);

    await pass(70);

    expect(watched.askedAt).toEqual([0, 5, 10, 15, 20, 25, 30, 60]);
    watched.subscription.unsubscribe();
  });

  it('queries on a given schedule, whose last pause repeats', async () => {
    const watched = new Watched([order('USERPAYING')], { scheduleMs: [1_000, 2_000] });

    await pass(8);

    expect(watched.askedAt).toEqual([0, 1, 3, 5, 7]);
    watched.subscription.unsubscribe();
  });

  it.each(['SUCCESS', 'REFUND', 'CLOSED', 'REVOKED'])('completes with %s', async (tradeState) => {
    const watched = new Watched([order('NOTPAY'), order(tradeState)]);

    await pass(3600);

    expect(watched.seen).toEqual(['NOTPAY', tradeState, 'complete']);
    expect(watched.askedAt).toEqual([0, 5]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('emits other changes of the order, too', async () => {
    const watched = new Watched([
      order('NOTPAY'),
      order('NOTPAY', { tradeStateDesc: 'other words', raw: { other: 'reply' } }),
      order('NOTPAY', { amount: { total: 1 } }),
      order('NOTPAY', { amount: { total: 1 } }),
      order('NOTPAY', { amount: { total: 2 } }),
    ]);

    await pass(575);

    expect(watched.seen).toEqual(['NOTPAY', 'NOTPAY', 'NOTPAY']);
    watched.subscription.unsubscribe();
  });

  it('queries nothing before the first subscription, and separately for each', async () => {
    let asked = 0;
    const gateway = {
      terms: { merchant: 'default', timeoutMs: 1, minOrderAgeMs: 0, hosts: [] },
      close: () => Promise.resolve({ outcome: 'closed' as const }),
      query: () => Promise.resolve(order(++asked === 0 ? 'NOTPAY' : 'SUCCESS')),
    };
    const orders = new OrderQueryService(accessTo(() => gateway)).watch({ outTradeNo: 'T1' });
    await pass(10);
    expect(asked).toBe(0);

    orders.subscribe();
    orders.subscribe();

    await pass(0);
    expect(asked).toBe(2);
  });

  it.each([
    ['a request without a reply', silence],
    ['a system error', refusal('SYSTEM_ERROR')],
  ])('continues after %s', async (_, failure) => {
    const watched = new Watched([failure, order('NOTPAY'), failure, order('SUCCESS')]);

    await pass(95);

    expect(watched.seen).toEqual(['NOTPAY', 'SUCCESS', 'complete']);
    expect(watched.askedAt).toEqual([0, 5, 35, 95]);
  });

  it.each([
    ['as long as WeChat Pay requests', refusal('FREQUENCY_LIMITED', 90_000), 90],
    ['30 seconds if WeChat Pay names no delay', refusal('FREQUENCY_LIMITED'), 30],
    ['half an hour at most', refusal('FREQUENCY_LIMITED', 86_400_000), 1_800],
    ['a minute after too many faulty requests', refusal('INVALID_REQ_TOO_MUCH'), 60],
    ['no shorter than the schedule', refusal('FREQUENCY_LIMITED', 1), 5],
    ['as long as a busy service requests', refusal('SYSTEM_ERROR', 20_000), 20],
  ])('pauses, after a refusal, %s', async (_, failure, seconds) => {
    const watched = new Watched([failure, order('SUCCESS')]);

    await pass(3600);

    expect(watched.askedAt).toEqual([0, seconds]);
  });

  it.each([
    ['wrong credentials', refusal('SIGN_ERROR')],
    ['a missing permission', refusal('NO_AUTH')],
    ['a defect', new TypeError('a defect')],
  ])('errors with %s', async (_, failure) => {
    const watched = new Watched([order('NOTPAY'), failure]);

    await pass(3600);

    expect(watched.seen).toEqual(['NOTPAY', failure]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('queries a new order that is not found three times before it errors', async () => {
    const unknown = refusal('ORDER_NOT_EXIST');
    const late = new Watched([unknown, unknown, order('SUCCESS')]);
    const interrupted = new Watched([unknown, unknown, silence, unknown, order('SUCCESS')]);
    const never = new Watched([unknown]);

    await pass(3600);

    expect(late.seen).toEqual(['SUCCESS', 'complete']);
    expect(interrupted.seen).toEqual(['SUCCESS', 'complete']);
    expect(never.seen).toEqual([unknown]);
    expect(never.askedAt).toEqual([0, 5, 35]);
  });

  it('continues if an order that it has seen is not found', async () => {
    const watched = new Watched([
      order('NOTPAY'),
      ...Array<Error>(5).fill(refusal('ORDER_NOT_EXIST')),
      order('SUCCESS'),
    ]);

    await pass(3600);

    expect(watched.seen).toEqual(['NOTPAY', 'SUCCESS', 'complete']);
  });

  it.each([
    ['outTradeNo', {}, '../refunds'],
    ['scheduleMs', { scheduleMs: [] }, 'T1'],
    ['scheduleMs', { scheduleMs: [0] }, 'T1'],
    ['scheduleMs', { scheduleMs: [Number.NaN] }, 'T1'],
    ['until', { until: new Date('tomorrow') }, 'T1'],
    ['until', { until: new Date(1_800_000_000) }, 'T1'],
  ])('errors with a malformed %s before any query', async (field, options, outTradeNo) => {
    const watched = new Watched([order('NOTPAY')], options, { outTradeNo });

    await pass(10);

    expect(watched.seen).toEqual([expect.objectContaining({ code: 'WXPAY_INPUT', field })]);
    expect(watched.askedAt).toEqual([]);
  });

  it('stops and aborts the call under way when the last subscriber leaves', async () => {
    const watched = new Watched([order('NOTPAY'), 'hang']);
    await pass(6);

    watched.subscription.unsubscribe();

    await pass(3600);
    expect(watched.signal?.aborted).toBe(true);
    expect(watched.askedAt).toEqual([0, 5]);
    expect(watched.seen).toEqual(['NOTPAY']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('leaves no timer when the last subscriber leaves between two queries', async () => {
    const watched = new Watched([order('NOTPAY')]);
    await pass(6);

    watched.subscription.unsubscribe();

    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([
    ['during a query', 'hang' as const],
    ['between two queries', order('NOTPAY')],
  ])('errors with the reason of a caller who aborts %s', async (_, step) => {
    const caller = new AbortController();
    const watched = new Watched([step], { signal: caller.signal });
    await pass(1);

    caller.abort('enough');

    await pass(0);
    expect(watched.seen.at(-1)).toBe('enough');
    expect(watched.signal?.aborted).toBe(true);
  });

  it('errors immediately if the caller has already aborted', async () => {
    const watched = new Watched([order('NOTPAY')], { signal: AbortSignal.abort('enough') });

    await pass(0);

    expect(watched.seen).toEqual(['enough']);
    expect(watched.askedAt).toEqual([]);
  });

  it.each([
    ['between two queries', [order('NOTPAY')], ['NOTPAY', 'complete'], [0, 5]],
    ['during a query', [order('NOTPAY'), 'hang' as const], ['NOTPAY', 'complete'], [0, 5]],
  ])('completes without a final state when until is reached %s', async (_, steps, seen, askedAt) => {
    const watched = new Watched(steps, { until: new Date(Date.now() + 9_000) });

    await pass(8.999);
    expect(watched.seen).toEqual(['NOTPAY']);
    await pass(0.002);

    expect(watched.seen).toEqual(seen);
    expect(watched.askedAt).toEqual(askedAt);
  });

  it('queries nothing if until is in the past', async () => {
    const watched = new Watched([order('NOTPAY')], { until: new Date() });

    await pass(0);

    expect(watched.seen).toEqual(['complete']);
    expect(watched.askedAt).toEqual([]);
  });
});
