import { describe, expect, it } from '@jest/globals';
import type { TrackedOrder } from 'nestjs-wxpay';
import { liveBytes } from '../../../support/assertions/heap.js';
import { secondsAfter, trackedOrder } from '../../../support/fixtures/tracked-orders.js';
import { ShopOfOrders } from '../../../support/servers/shop-of-orders.js';

const MILLION = 1_000_000;
const SAMPLE_EVERY = 250_000;
const MEBIBYTE = 1_048_576;

/** Every tenth order belongs to a merchant of its own, which is not registered. */
function* orders(): Generator<TrackedOrder> {
  for (let number = 1; number <= MILLION; number++) {
    yield trackedOrder({
      ref: { outTradeNo: `T${number}` },
      expiresAt: secondsAfter(86_400),
      merchant: number % 10 === 0 ? `m${number}` : undefined,
    });
  }
}

describe('OrderSweepService.sweep over a million orders', () => {
  it('reports each order once, in constant memory', async () => {
    const shop = new ShopOfOrders();
    shop.now = () => secondsAfter(3_600).getTime();
    const live: number[] = [];
    let [count, sum, failed] = [0, 0, 0];

    for await (const { order, error } of shop.sweep(orders())) {
      sum += Number(order.ref.outTradeNo.slice(1));
      if (error !== undefined) failed++;
      shop.calls.length = 0;
      if (++count % SAMPLE_EVERY === 0) live.push(liveBytes());
    }

    expect([count, sum, failed]).toEqual([MILLION, (MILLION * (MILLION + 1)) / 2, MILLION / 10]);
    expect(Math.max(...live) - (live[0] ?? 0)).toBeLessThan(2 * MEBIBYTE);
  });
});
