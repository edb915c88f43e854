import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TrackedOrder } from 'nestjs-wxpay';
import { secondsAfter, trackedOrder } from '../../../support/fixtures/tracked-orders.js';
import { refusal } from '../../../support/servers/counting-gateway.js';
import { linesOf, ShopOfOrders } from '../../../support/servers/shop-of-orders.js';

const young = (outTradeNo: string, merchant?: string): TrackedOrder =>
  trackedOrder({ ref: { outTradeNo }, expiresAt: secondsAfter(86_400), merchant });
const many = (letter: string, count: number, merchant?: string): TrackedOrder[] =>
  Array.from({ length: count }, (_, i) => young(`${letter}${i + 1}`, merchant));
const numbersOf = (orders: readonly TrackedOrder[]): string[] =>
  orders.map(({ ref }) => ref.outTradeNo ?? '');

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const CALL_MS = 10;

/** Reads all outcomes, and records the numbers of their orders as they come. */
async function record(shop: ShopOfOrders, orders: Iterable<TrackedOrder>, into: string[]): Promise<void> {
  for await (const { order } of shop.sweep(orders)) into.push(order.ref.outTradeNo ?? '');
}

let shop: ShopOfOrders;
let isLimited: boolean;
beforeEach(() => {
  shop = new ShopOfOrders();
  isLimited = true;
  shop.before = async (outTradeNo) => {
    await delay(CALL_MS);
    if (outTradeNo.startsWith('A') && isLimited) throw refusal('FREQUENCY_LIMITED', 20_000);
  };
  jest.useFakeTimers({ now: secondsAfter(3_600) });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('OrderSweepService.sweep, with many orders of a rate-limited merchant', () => {
  it('asks about the orders of other merchants at once', async () => {
    const [limited, others] = [many('A', 100), many('B', 100, 'eu')];
    const reported: string[] = [];
    const sweeping = record(shop, [...limited, ...others], reported);

    await jest.advanceTimersByTimeAsync(1_000);
    const whilePaused = [...reported];
    isLimited = false;
    await jest.advanceTimersByTimeAsync(20_000);
    await sweeping;

    expect(whilePaused).toEqual(numbersOf(others));
    expect(reported).toEqual(numbersOf([...others, ...limited]));
    expect(shop.calls).toHaveLength(8 + 100 + 100);
  });

  it('settles an expired order of another merchant at once', async () => {
    const expired = trackedOrder({ ref: { outTradeNo: 'B1' }, merchant: 'eu' });
    const outcomes = shop.sweep([...many('A', 8), expired]);

    const first = outcomes.next();
    await jest.advanceTimersByTimeAsync(5 * CALL_MS);

    await expect(first).resolves.toMatchObject({
      value: { order: expired, settlement: { outcome: 'closed' } },
    });
    await outcomes.return();
  });

  it('asks about the same few orders again until they end, then about the next ones', async () => {
    shop.before = async () => {
      await delay(CALL_MS);
      throw refusal('FREQUENCY_LIMITED');
    };
    const reported: string[] = [];
    const sweeping = record(shop, many('A', 16), reported);

    await jest.advanceTimersByTimeAsync(15_000 + 5 * CALL_MS - 1);
    const callsOfFirst = [...new Set(shop.calls)];
    await jest.advanceTimersByTimeAsync(1);
    const first = [...reported];
    await jest.advanceTimersByTimeAsync(60_000);
    await sweeping;

    expect(callsOfFirst).toEqual(numbersOf(many('A', 8)).map((no) => `default query ${no}`));
    expect(first).toEqual(numbersOf(many('A', 8)));
    expect(reported).toEqual(numbersOf(many('A', 16)));
    expect(shop.calls).toHaveLength(16 * 5);
  });

  it('makes no more calls at a time than the concurrency when the pause ends', async () => {
    let [underWay, most] = [0, 0];
    shop.before = async () => {
      most = Math.max(most, ++underWay);
      await delay(CALL_MS);
      underWay--;
      if (isLimited) throw refusal('FREQUENCY_LIMITED', 20_000);
    };
    const lines = linesOf(shop.sweep(many('A', 100), { concurrency: 3 }));

    await jest.advanceTimersByTimeAsync(10_000);
    isLimited = false;
    await jest.advanceTimersByTimeAsync(20_000);

    await expect(lines).resolves.toHaveLength(100);
    expect(most).toBe(3);
  });

  it('reads at most a thousand orders more than it has room for', async () => {
    let taken = 0;
    function* orders(): Generator<TrackedOrder> {
      while (taken < 3_000) yield young(`A${++taken}`);
    }
    const reported: string[] = [];
    const sweeping = record(shop, orders(), reported);

    await jest.advanceTimersByTimeAsync(10_000);
    const takenWhilePaused = taken;
    isLimited = false;
    await jest.advanceTimersByTimeAsync(20_000);
    await sweeping;

    expect(takenWhilePaused).toBe(1_008);
    expect(new Set(reported).size).toBe(3_000);
    expect(reported).toHaveLength(3_000);
  });

  it('asks again while a slow source has no other order, and then makes one call at a time', async () => {
    let [underWay, most] = [0, 0];
    shop.before = async (outTradeNo) => {
      most = Math.max(most, ++underWay);
      await delay(5_000);
      underWay--;
      if (outTradeNo === 'A1' && isLimited) throw refusal('FREQUENCY_LIMITED', 20_000);
    };
    async function* orders(): AsyncGenerator<TrackedOrder> {
      yield young('A1');
      await delay(27_000);
      yield young('B1', 'eu');
    }
    const lines = linesOf(shop.sweep(orders(), { concurrency: 1 }));

    await jest.advanceTimersByTimeAsync(10_000);
    isLimited = false;
    await jest.advanceTimersByTimeAsync(30_000);

    await expect(lines).resolves.toEqual(['A1 NOTPAY', 'B1 NOTPAY']);
    expect(most).toBe(1);
  });

  it.each([
    ['while it is paused', 5_000, 0],
    ['when it has ended', 20_005, 1],
  ])('ends the orders that wait for a pause, %s, when the consumer leaves', async (_, ms, underWay) => {
    let isClosed = false;
    shop.before = async (outTradeNo, signal) => {
      if (outTradeNo.startsWith('B')) return;
      if (isLimited) throw refusal('FREQUENCY_LIMITED', 20_000);
      await new Promise((_resolve, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    };
    function* orders(): Generator<TrackedOrder> {
      try {
        yield* [...many('A', 50), young('B1', 'eu'), ...many('A', 5_000)];
      } finally {
        isClosed = true;
      }
    }
    const outcomes = shop.sweep(orders(), { concurrency: 1 });
    await outcomes.next();
    isLimited = false;
    await jest.advanceTimersByTimeAsync(ms);
    const before = shop.calls.length;

    await outcomes.return();
    await jest.advanceTimersByTimeAsync(60_000);

    expect(isClosed).toBe(true);
    expect(shop.calls).toHaveLength(before);
    expect(before).toBe(2 + underWay);
    expect(jest.getTimerCount()).toBe(0);
  });
});
