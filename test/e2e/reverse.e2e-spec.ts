import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WxPayMerchants, type OrderReverseService } from 'nestjs-wxpay';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';

describe('OrderReverseService over APIv2', () => {
  const merchants = new WxPayMerchants();
  let gateway: MockWxPayGateway;
  let orderReverse: OrderReverseService;

  beforeAll(async () => {
    gateway = await MockWxPayGateway.start({ https: true });
    ({ orderReverse } = merchants.register('v2', gateway.optionsV2()));
  });

  afterAll(async () => {
    await merchants.onModuleDestroy();
    await gateway.stop();
  });

  function place(outTradeNo: string): { readonly outTradeNo: string } {
    gateway.orders.create({ outTradeNo, tradeType: 'MICROPAY', amount: { total: 100 } });
    return { outTradeNo };
  }

  function reversalsOf({ outTradeNo }: { readonly outTradeNo: string }): number {
    return gateway.requests.filter(
      ({ path, body }) => path === '/secapi/pay/reverse' && body.includes(outTradeNo),
    ).length;
  }

  it('reverses an order that nobody paid', async () => {
    const order = place('unpaid');

    await expect(orderReverse.reverse(order)).resolves.toEqual({ outcome: 'reversed', refunded: false });

    expect(gateway.orders.get('unpaid')?.tradeState).toBe('REVOKED');
  });

  it.each(['SYSTEMERROR', 'TRADE_ERROR'])(
    'asks again after a refusal with %s where WeChat Pay wants it',
    async (code) => {
      const order = place(`again-${code}`);
      gateway.next({ when: { operation: 'order.reverse' }, status: 200, code, recall: true });

      await expect(orderReverse.reverse(order)).resolves.toEqual({ outcome: 'reversed', refunded: false });

      expect(reversalsOf(order)).toBe(2);
    },
  );

  it('does not ask again after a refusal where WeChat Pay does not want it', async () => {
    const order = place('refused');
    gateway.next({ when: { operation: 'order.reverse' }, status: 200, code: 'TRADE_ERROR', recall: false });

    await expect(orderReverse.reverse(order)).rejects.toMatchObject({
      code: 'TRADE_ERROR',
      retryable: false,
    });

    expect(reversalsOf(order)).toBe(1);
  });
});
