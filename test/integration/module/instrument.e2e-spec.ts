import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import {
  getWxPayToken,
  OrderCloseService,
  OrderQueryService,
  OrderSettleService,
  OrderSweepService,
  WxPayMerchants,
  WxPayModule,
} from 'nestjs-wxpay';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';

/** Calls that the proxies have seen, by class and method. */
const seen: string[] = [];

/**
 * A proxy around each provider, as tracing agents make it with the option `instrument`: its methods are other functions, and run
 * on the instance behind the proxy.
 */
function proxied<T>(instance: T): T {
  if (typeof instance !== 'object' || instance === null) return instance;
  return new Proxy(instance, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member);
      if (typeof value !== 'function' || member === 'constructor') return value;
      return (...args: unknown[]): unknown => {
        seen.push(`${target.constructor.name}.${String(member)}`);
        return Reflect.apply(value, target, args);
      };
    },
  });
}

describe('an app whose providers are proxied by the option instrument', () => {
  let gateway: MockWxPayGateway;
  let app: INestApplicationContext;

  beforeAll(async () => {
    gateway = await MockWxPayGateway.start({ ageRules: false });
    for (const outTradeNo of ['T1', 'T2', 'T3']) {
      gateway.orders.create({ outTradeNo, amount: { total: 1 } });
    }
    app = await NestFactory.createApplicationContext(
      {
        module: class AppModule {},
        imports: [
          WxPayModule.forRoot(gateway.options()),
          WxPayModule.forRoot({ ...gateway.optionsV2(), name: 'legacy' }),
        ],
      },
      { logger: false, instrument: { instanceDecorator: proxied } },
    );
  });
  afterAll(async () => {
    await app.close();
    await gateway.stop();
  });

  it('queries, closes and settles with the injected services, which the agent sees by their class', async () => {
    await app.get(OrderQueryService).query({ outTradeNo: 'T1' });
    await app.get(OrderCloseService).close({ outTradeNo: 'T1' });
    const { outcome } = await app.get(OrderSettleService).settle({ outTradeNo: 'T1' });

    expect(outcome).toBe('closed');
    expect(seen).toEqual(
      expect.arrayContaining([
        'OrderQueryService.query',
        'OrderCloseService.close',
        'OrderSettleService.settle',
      ]),
    );
  });

  it('finds merchants of both APIs in the registry, and registers another one', async () => {
    const merchants = app.get(WxPayMerchants);
    const options = gateway.options({ sharedMchid: true });

    const legacy = app.get<OrderQueryService>(getWxPayToken(OrderQueryService, 'legacy'));
    const later = merchants.register('later', options);
    merchants.replace('later', options);

    expect(await legacy.query({ outTradeNo: 'T2' })).toMatchObject({ tradeState: 'NOTPAY' });
    expect(await later.orderQuery.query({ outTradeNo: 'T2' })).toMatchObject({ tradeState: 'NOTPAY' });
    expect(merchants.get('later')).toBe(later);
  });

  it('sweeps orders', async () => {
    const [createdAt, expiresAt] = [new Date(Date.now() - 600_000), new Date(Date.now() - 1_000)];
    const outcomes: unknown[] = [];

    const open = [{ ref: { outTradeNo: 'T3' }, createdAt, expiresAt }];
    for await (const outcome of app.get(OrderSweepService).sweep(open)) outcomes.push(outcome);

    expect(outcomes).toMatchObject([{ settlement: { outcome: 'closed' } }]);
  });
});
