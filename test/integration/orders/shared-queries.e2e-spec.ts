import { describe, expect, it } from '@jest/globals';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox({ delayMs: () => 20 });
const T1 = { outTradeNo: 'T1' };

describe('OrderQueryService.query, polled by a hundred customers', () => {
  it('sends one request at a time with share, and a hundred without', async () => {
    const { gateway, merchant } = sandbox;
    gateway.orders.create({ ...T1, amount: { total: 1 } });
    const poll = (share: boolean) =>
      Promise.all(Array.from({ length: 100 }, () => merchant.orderQuery.query(T1, { share })));

    const shown = await poll(true);
    const { length: shared } = gateway.requests;
    await poll(false);

    expect(new Set(shown).size).toBe(100);
    expect([shared, gateway.requests.length]).toEqual([1, 101]);
  });

  it('returns the payment at the next poll', async () => {
    const { gateway, merchant } = sandbox;
    const before = await merchant.orderQuery.query(T1, { share: true });
    gateway.orders.pay('T1');

    const after = await merchant.orderQuery.query(T1, { share: true });

    expect([before.tradeState, after.tradeState]).toEqual(['NOTPAY', 'SUCCESS']);
  });
});
