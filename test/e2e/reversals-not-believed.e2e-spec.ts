import { describe, expect, it } from '@jest/globals';
import { useSandbox } from '../support/sandbox.js';

describe('a reversal over APIv3 of an order with a refund of a part', () => {
  const sandbox = useSandbox(
    { ageRules: false },
    { maxAttempts: 1, codePayReverse: { appid: 'wx8888888888888888' } },
  );

  it('does not take the signed reply to a query of the order for its own', async () => {
    const { gateway, merchant } = sandbox;
    const { mchid, appid } = gateway.orders.create({
      outTradeNo: 'part-refunded',
      tradeType: 'MICROPAY',
      amount: { total: 100 },
    });
    gateway.orders.pay('part-refunded');
    gateway.orders.refund('part-refunded');
    const queried = {
      appid,
      mchid,
      out_trade_no: 'part-refunded',
      trade_state: 'REFUND',
      trade_state_desc: '订单发生过退款',
    };
    gateway.next({ when: { operation: 'order.reverse' }, reply: { status: 200, body: queried } });

    const reversal = merchant.orderReverse.reverse({ outTradeNo: 'part-refunded' });

    // It asks again, and hears the truth.
    await expect(reversal).rejects.toMatchObject({ kind: 'order-state', code: 'TRADE_ERROR' });
  });
});
