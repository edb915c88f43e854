import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WxPayMerchants, type OrderReverseService } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { useSandbox } from '../../support/harness/sandbox.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

describe('OrderReverseService over APIv3, of an order with a partial refund', () => {
  const sandbox = useSandbox(
    { ageRules: false },
    { maxAttempts: 1, codePayReverse: { appid: 'wx8888888888888888' } },
  );

  it('does not accept the signed reply to a query', async () => {
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

describe('OrderReverseService over APIv2, of an order with a partial refund', () => {
  const merchants = new WxPayMerchants();
  let gateway: MockWxPayGateway;
  let orderReverse: OrderReverseService;

  beforeAll(async () => {
    gateway = await startGateway({ https: true, ageRules: false });
    ({ orderReverse } = merchants.register('v2', gateway.optionsV2()));
  });

  afterAll(async () => {
    await merchants.onModuleDestroy();
    await gateway.stop();
  });

  it('does not accept a success that may be an old one', async () => {
    const { mchid, appid } = gateway.orders.create({
      outTradeNo: 'part-refunded',
      tradeType: 'MICROPAY',
      amount: { total: 100 },
    });
    gateway.orders.pay('part-refunded');
    gateway.orders.refund('part-refunded');
    const old = { return_code: 'SUCCESS', result_code: 'SUCCESS', appid, mch_id: mchid, recall: 'N' };
    gateway.next({ when: { operation: 'order.reverse' }, reply: { status: 200, body: old } });

    const reversal = orderReverse.reverse({ outTradeNo: 'part-refunded' });

    // It asks again, and hears the truth.
    await expect(reversal).rejects.toMatchObject({ kind: 'order-state', code: 'TRADE_ERROR' });
  });
});
