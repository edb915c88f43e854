import { describe, expect, it } from '@jest/globals';
import type { OrderRef } from '../../../../lib/domain/order-ref.js';
import type { OrderApi } from '../../../../lib/domain/ports/apis.js';
import { WxPayTransportError } from '../../../../lib/errors/wxpay-transport-error.js';
import { OrderQueryService } from '../../../../lib/orders/order-query.service.js';
import { accessTo } from '../../../support/harness/access-to.js';
import { liveBytes } from '../../../support/assertions/heap.js';
import { order } from '../../../support/harness/watched-order.js';

const MILLION = 1_000_000;
const SAMPLE_EVERY = 250_000;
const MEBIBYTE = 1_048_576;

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
  for (let number = 1; number <= MILLION; number++) yield { outTradeNo: `T${number}` };
}

describe('OrderQueryService.queryMany over a million orders', () => {
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

    expect([count, sum, failed]).toEqual([MILLION, (MILLION * (MILLION + 1)) / 2, MILLION / 1_000]);
    expect(Math.max(...live) - (live[0] ?? 0)).toBeLessThan(2 * MEBIBYTE);
  });
});
