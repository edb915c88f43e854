import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WxPayMerchants, type OrderReverseService } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

describe('OrderReverseService over APIv2', () => {
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

  function place(outTradeNo: string): { readonly outTradeNo: string } {
    gateway.orders.create({ outTradeNo, tradeType: 'MICROPAY', amount: { total: 100 } });
    return { outTradeNo };
  }

  function reversalsOf({ outTradeNo }: { readonly outTradeNo: string }): number {
    return pathsOf(outTradeNo).filter((path) => path === '/secapi/pay/reverse').length;
  }

  function pathsOf(outTradeNo: string): string[] {
    return gateway.requests.filter(({ body }) => body.includes(outTradeNo)).map(({ path }) => path);
  }

  it('reverses an unpaid order', async () => {
    const order = place('unpaid');

    await expect(orderReverse.reverse(order)).resolves.toEqual({ outcome: 'reversed' });

    expect(gateway.orders.get('unpaid')?.tradeState).toBe('REVOKED');
  });

  it('leaves refunded out if the order may have been paid after the query', async () => {
    gateway.next({ when: { operation: 'order.reverse' }, before: () => void gateway.orders.pay('raced') });
    const { appid, mchid } = gateway.orders.create({
      outTradeNo: 'raced',
      tradeType: 'MICROPAY',
      amount: { total: 100 },
    });
    const revoked = { trade_state: 'REVOKED', out_trade_no: 'raced', appid, mch_id: mchid };
    // APIv2 tells no number of a reversed order, whether it was paid or not.
    gateway.next({ when: { operation: 'order.query' } });
    gateway.next({
      when: { operation: 'order.query' },
      reply: { status: 200, body: { return_code: 'SUCCESS', result_code: 'SUCCESS', ...revoked } },
    });

    await expect(orderReverse.reverse({ outTradeNo: 'raced' })).resolves.toStrictEqual({
      outcome: 'reversed',
    });
  });

  it('reverses an order paid by face at its own endpoint', async () => {
    gateway.orders.create({ outTradeNo: 'by-face', tradeType: 'FACEPAY', amount: { total: 100 } });
    gateway.orders.pay('by-face');

    await expect(orderReverse.reverse({ outTradeNo: 'by-face' })).resolves.toEqual({
      outcome: 'reversed',
      refunded: true,
    });

    expect(pathsOf('by-face')).toEqual(['/pay/orderquery', '/secapi/pay/facepayreverse', '/pay/orderquery']);
  });

  it('reverses an order that is to be paid by face, if the app gives its type', async () => {
    gateway.orders.create({ outTradeNo: 'unpaid-face', tradeType: 'FACEPAY', amount: { total: 100 } });
    const options = { tradeType: 'FACEPAY' } as const;

    await expect(orderReverse.reverse({ outTradeNo: 'unpaid-face' }, options)).resolves.toEqual({
      outcome: 'reversed',
    });

    expect(pathsOf('unpaid-face')).toContain('/secapi/pay/facepayreverse');
  });

  it('refuses a type of orders that are not reversed', async () => {
    const options = { tradeType: 'JSAPI' } as never;

    await expect(orderReverse.reverse({ outTradeNo: 'T1' }, options)).rejects.toMatchObject({
      field: 'tradeType',
    });
  });

  it.each(['SYSTEMERROR', 'TRADE_ERROR'])(
    'reverses again after a refusal with %s if WeChat Pay asks for it',
    async (code) => {
      const order = place(`again-${code}`);
      gateway.next({ when: { operation: 'order.reverse' }, status: 200, code, recall: true });

      await expect(orderReverse.reverse(order)).resolves.toEqual({ outcome: 'reversed' });

      expect(reversalsOf(order)).toBe(2);
    },
  );

  it('does not reverse again after a refusal if WeChat Pay does not ask for it', async () => {
    const order = place('refused');
    gateway.next({ when: { operation: 'order.reverse' }, status: 200, code: 'TRADE_ERROR', recall: false });

    await expect(orderReverse.reverse(order)).rejects.toMatchObject({
      code: 'TRADE_ERROR',
      retryable: false,
    });

    expect(reversalsOf(order)).toBe(1);
  });
});

describe('OrderReverseService, with a main host that hangs', () => {
  const merchants = new WxPayMerchants();
  let main: MockWxPayGateway;
  let backup: MockWxPayGateway;

  beforeAll(async () => {
    const keys = {
      merchantPrivateKey: rsaKeys().privatePem,
      merchantSerialNo: '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
      platformPrivateKey: rsaKeys().privatePem,
      publicKeyId: 'PUB_KEY_ID_1',
    };
    const terms = { keys, ageRules: false };
    [main, backup] = await Promise.all([startGateway(terms), startGateway(terms)]);
  });

  afterAll(async () => {
    await merchants.onModuleDestroy();
    await Promise.all([main.stop(), backup.stop()]);
  });

  it('reverses an order on the backup host in the remaining time', async () => {
    const order = { outTradeNo: 'backup', tradeType: 'MICROPAY', amount: { total: 100 } };
    main.orders.create(order);
    backup.orders.create(order);
    main.next({ when: { operation: 'order.query' } });
    main.next({ when: { operation: 'order.reverse' }, fault: 'hang' });
    main.next({ when: { operation: 'order.query' }, fault: 'hang' });
    const { orderReverse } = merchants.register(
      'v3',
      main.options({
        hosts: [main.url, backup.url],
        codePayReverse: { appid: 'wx8888888888888888' },
        attemptTimeoutMs: 400,
      }),
    );

    const reversal = await orderReverse.reverse({ outTradeNo: 'backup' }, { timeoutMs: 4_500 });

    expect(reversal).toEqual({ outcome: 'reversed' });
    expect(backup.orders.get('backup')?.tradeState).toBe('REVOKED');
  });
});
