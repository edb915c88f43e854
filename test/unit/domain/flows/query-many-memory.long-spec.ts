import { describe, expect, it } from '@jest/globals';
import type { OrderRef } from '../../../../lib/domain/order-ref.js';
import type { OrderApi } from '../../../../lib/domain/ports/apis.js';
import { WxPayTransportError } from '../../../../lib/errors/wxpay-transport-error.js';
import { OrderQueryService } from '../../../../lib/orders/order-query.service.js';
import { accessTo } from '../../../support/harness/access-to.js';
import { liveBytes } from '../../../support/assertions/heap.js';
import { order } from '../../../support/harness/watched-order.js';

const ORDERS = 200_000;
const SAMPLE_EVERY = 50_000;
/** Less than a pointer for each order after the first sample. */
const MAX_GROWTH_BYTES = 1_000_000;

/** Answers at once; every thousandth query fails. */
const gateway: OrderApi = {
  terms: { merchant: 'default', timeoutMs: 10_000, minOrderAgeMs: 0, hosts: [] },
  query: ({ outTradeNo = '' }) =>
    outTradeNo.endsWith('000')
      ? Promise.reject(new WxPayTransportError('silence'))
      : Promise.resolve(order('NOTPAY', { outTradeNo })),
  close: () => Promise.resolve({ outcome: 'closed' }),
};

function* numbers(): Generator<OrderRef> {
  for (let number = 1; number <= ORDERS; number++) yield { outTradeNo: `T${number}` };
}

describe('OrderQueryService.queryMany over 200,000 orders', () => {
  it('yields each outcome once, in constant memory', async () => {
    const service = new OrderQueryService(accessTo(() => gateway));
    const live: number[] = [];
    let count = 0;
    let sum = 0;
    let failed = 0;

    for await (const { ref, error } of service.queryMany(numbers())) {
      sum += Number(ref.outTradeNo?.slice(1));
      if (error !== undefined) failed++;
      if (++count % SAMPLE_EVERY === 0) live.push(liveBytes());
    }

    expect([count, sum, failed]).toEqual([ORDERS, (ORDERS * (ORDERS + 1)) / 2, ORDERS / 1_000]);
    expect(Math.max(...live) - (live[0] ?? 0)).toBeLessThan(MAX_GROWTH_BYTES);
  });
});
