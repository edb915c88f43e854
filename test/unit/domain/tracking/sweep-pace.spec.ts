import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TrackedOrder } from 'nestjs-wxpay';
import { secondsAfter, trackedOrder } from '../../../support/fixtures/tracked-orders.js';
import { refusal } from '../../../support/servers/counting-gateway.js';
import { linesOf, ShopOfOrders } from '../../../support/servers/shop-of-orders.js';

const young = (outTradeNo: string, merchant?: string): TrackedOrder =>
  trackedOrder({ ref: { outTradeNo }, expiresAt: secondsAfter(86_400), merchant });

let shop: ShopOfOrders;
beforeEach(() => {
  shop = new ShopOfOrders();
  jest.useFakeTimers({ now: secondsAfter(3_600) });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('OrderSweepService.sweep, rate-limited', () => {
  it('pauses the orders of that merchant for the requested delay, and no others', async () => {
    let isLimited = true;
    shop.before = (outTradeNo) => {
      if (outTradeNo.startsWith('A') && isLimited) throw refusal('FREQUENCY_LIMITED', 20_000);
    };
    const orders = [young('A1'), young('A2'), young('B1', 'eu'), young('B2', 'eu')];
    const lines = linesOf(shop.sweep(orders, { concurrency: 4 }));

    await jest.advanceTimersByTimeAsync(19_999);
    const whilePaused = [...shop.calls];
    isLimited = false;
    await jest.advanceTimersByTimeAsync(1);

    expect(whilePaused).toEqual(['default query A1', 'default query A2', 'eu query B1', 'eu query B2']);
    await expect(lines).resolves.toEqual(['B1 NOTPAY', 'B2 NOTPAY', 'A1 NOTPAY', 'A2 NOTPAY']);
  });

  it('pauses the orders of a merchant for a minute after too many faulty requests', async () => {
    shop.before = (outTradeNo) => {
      if (outTradeNo === 'T1' && shop.calls.length === 1) throw refusal('INVALID_REQ_TOO_MUCH');
    };
    const lines = linesOf(shop.sweep([young('T1'), young('T2')], { concurrency: 1 }));

    await jest.advanceTimersByTimeAsync(59_999);
    const whilePaused = [...shop.calls];
    await jest.advanceTimersByTimeAsync(1);

    expect(whilePaused).toEqual(['default query T1']);
    await expect(lines).resolves.toEqual(['T1 NOTPAY', 'T2 NOTPAY']);
  });

  it('settles an order again after a rate limit left it unresolved', async () => {
    let isLimited = true;
    shop.before = () => {
      if (isLimited) throw refusal('FREQUENCY_LIMITED', 20_000);
    };
    const lines = linesOf(shop.sweep([trackedOrder()]));

    await jest.advanceTimersByTimeAsync(19_999);
    isLimited = false;
    await jest.advanceTimersByTimeAsync(1);

    await expect(lines).resolves.toEqual(['T20260601 closed']);
  });

  it.each([
    ['query', young('T1'), 'T1 FREQUENCY_LIMITED'],
    ['settlement', trackedOrder({ ref: { outTradeNo: 'T1' } }), 'T1 unresolved'],
  ])('reports the refusal after five attempts at a %s', async (_, order, line) => {
    shop.before = () => {
      throw refusal('FREQUENCY_LIMITED');
    };
    const lines = linesOf(shop.sweep([order]));

    await jest.advanceTimersByTimeAsync(15_000);

    await expect(lines).resolves.toEqual([line]);
    expect(shop.calls).toHaveLength(5);
  });

  it.each(['SYSTEM_ERROR', 'RULE_LIMIT'])('asks once if the refusal is %s', async (code) => {
    shop.before = () => {
      throw refusal(code);
    };

    await linesOf(shop.sweep([young('T1')]));

    expect(shop.calls).toHaveLength(1);
  });
});
