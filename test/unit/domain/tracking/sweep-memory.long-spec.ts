import { describe, expect, it } from '@jest/globals';
import type { TrackedOrder } from 'nestjs-wxpay';
import { liveBytes } from '../../../support/assertions/heap.js';
import { secondsAfter, trackedOrder } from '../../../support/fixtures/tracked-orders.js';
import { ShopOfOrders } from '../../../support/servers/shop-of-orders.js';

const ORDERS = 200_000;
const SAMPLE_EVERY = 50_000;
/** Less than a pointer for each order after the first sample. */
const MAX_GROWTH_BYTES = 1_000_000;

/** Every tenth order belongs to a merchant of its own, which is not registered. */
function* orders(): Generator<TrackedOrder> {
  for (let number = 1; number <= ORDERS; number++) {
    yield trackedOrder({
      ref: { outTradeNo: `T${number}` },
      expiresAt: secondsAfter(86_400),
      merchant: number % 10 === 0 ? `m${number}` : undefined,
    });
  }
}

describe('OrderSweepService.sweep over 200,000 orders', () => {
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

    expect([count, sum, failed]).toEqual([ORDERS, (ORDERS * (ORDERS + 1)) / 2, ORDERS / 10]);
    expect(Math.max(...live) - (live[0] ?? 0)).toBeLessThan(MAX_GROWTH_BYTES);
  });
});
