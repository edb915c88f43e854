import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { collect, Counting, refusal, Source } from '../../../support/servers/counting-gateway.js';

describe('OrderQueryService.queryMany, rate-limited', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('pauses all queries for the requested delay, then queries the order again', async () => {
    let limited = true;
    const gateway = new Counting((outTradeNo) => {
      if (outTradeNo === 'T1' && limited) throw refusal('FREQUENCY_LIMITED', 20_000);
    });
    const lines = collect(gateway.many(new Source(10), { concurrency: 2 }));

    await jest.advanceTimersByTimeAsync(19_999);
    const askedWhilePaused = gateway.asked.length;
    limited = false;
    await jest.advanceTimersByTimeAsync(1);

    expect(askedWhilePaused).toBeLessThanOrEqual(2);
    await expect(lines).resolves.toContain('T1 NOTPAY');
    expect(gateway.asked).toHaveLength(11);
  });

  it.each([
    ['1, 2, 4 and 8 seconds', refusal('FREQUENCY_LIMITED'), 15_000],
    ['a minute at most, four times', refusal('FREQUENCY_LIMITED', 3_600_000), 240_000],
    ['a minute after too many faulty requests', refusal('INVALID_REQ_TOO_MUCH'), 240_000],
  ])('yields the error of an order after five attempts, with pauses of %s', async (_, failure, ms) => {
    const gateway = new Counting(() => {
      throw failure;
    });
    const lines = collect(gateway.many(new Source(1)));

    await jest.advanceTimersByTimeAsync(ms - 1);
    expect(gateway.asked).toHaveLength(4);
    await jest.advanceTimersByTimeAsync(1);

    await expect(lines).resolves.toEqual([`T1 ${failure.code}`]);
    expect(gateway.asked).toHaveLength(5);
  });

  it.each(['ORDER_NOT_EXIST', 'SYSTEM_ERROR', 'RULE_LIMIT'])(
    'queries an order once that is refused with %s, and slows no other query',
    async (code) => {
      const gateway = new Counting((outTradeNo) => {
        if (outTradeNo === 'T1') throw refusal(code, 20_000);
      });

      const lines = await collect(gateway.many(new Source(10), { concurrency: 2 }));

      expect(lines).toContain(`T1 ${code}`);
      expect(gateway.asked).toHaveLength(10);
    },
  );

  it('pauses the other queries for the requested delay after the last attempt for an order', async () => {
    const gateway = new Counting((outTradeNo) => {
      if (outTradeNo === 'T1') throw refusal('FREQUENCY_LIMITED', 20_000);
    });
    const lines = collect(gateway.many(new Source(2), { concurrency: 1 }));

    await jest.advanceTimersByTimeAsync(99_999);
    expect(gateway.asked).toEqual(['T1', 'T1', 'T1', 'T1', 'T1']);
    await jest.advanceTimersByTimeAsync(1);

    await expect(lines).resolves.toEqual(['T1 FREQUENCY_LIMITED', 'T2 NOTPAY']);
  });

  it('uses one timer and one listener for any number of pausing queries', async () => {
    let limited = true;
    const gateway = new Counting(() => {
      if (limited) throw refusal('FREQUENCY_LIMITED', 20_000);
    });
    const lines = collect(gateway.many(new Source(12), { concurrency: 12 }));

    await jest.advanceTimersByTimeAsync(10_000);
    const timers = jest.getTimerCount();
    limited = false;
    await jest.advanceTimersByTimeAsync(10_000);

    expect(timers).toBe(1);
    await expect(lines).resolves.toHaveLength(12);
  });

  it('leaves no timer when the reader leaves during a pause', async () => {
    const gateway = new Counting((outTradeNo) => {
      if (outTradeNo === 'T2') throw refusal('FREQUENCY_LIMITED');
    });
    const outcomes = gateway.many(new Source(2), { concurrency: 2 });
    await outcomes.next();
    await jest.advanceTimersByTimeAsync(10);

    await outcomes.return();

    expect(jest.getTimerCount()).toBe(0);
  });
});
