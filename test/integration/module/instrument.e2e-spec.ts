import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import {
  getWxPayToken,
  OrderCloseService,
  OrderQueryService,
  OrderSettleService,
  OrderSweepService,
  WxPayMerchants,
  WxPayModule,
} from 'nestjs-wxpay';
import {
  OrderSettledHandler,
  OrderTracker,
  OrderTrackingModule,
  type OrderSettledEvent,
} from 'nestjs-wxpay/bullmq';
import { WxPayTelemetryModule } from 'nestjs-wxpay/opentelemetry';
import { WxPayHealthIndicator } from 'nestjs-wxpay/terminus';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { eventually } from '../../support/assertions/eventually.js';
import { OpenTelemetry } from '../../support/harness/open-telemetry.js';
import { orderOf } from '../../support/harness/tracking-app.js';
import { describeWithRedis, useRedis } from '../../support/servers/redis.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

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
    gateway = await startGateway({ ageRules: false });
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

describeWithRedis('an app with the optional entries whose providers are proxied as well', () => {
  const redis = useRedis();
  const sdk = new OpenTelemetry();
  const told: string[] = [];
  let gateway: MockWxPayGateway;
  let app: INestApplicationContext;

  class ShopOrders extends OrderSettledHandler {
    override settled({ key }: OrderSettledEvent): Promise<void> {
      told.push(key);
      return Promise.resolve();
    }
  }

  beforeAll(async () => {
    gateway = await startGateway();
    gateway.orders.create({ outTradeNo: 'PAID', amount: { total: 1 } });
    gateway.orders.pay('PAID');
    const { tracerProvider, meterProvider } = sdk;
    app = await NestFactory.createApplicationContext(
      {
        module: class AppModule {},
        imports: [
          WxPayModule.forRoot(gateway.options()),
          TerminusModule,
          WxPayTelemetryModule.forRoot({ tracerProvider, meterProvider }),
          OrderTrackingModule.forRoot({
            connection: { url: redis.url },
            prefix: redis.prefix,
            handler: ShopOrders,
          }),
        ],
        providers: [WxPayHealthIndicator],
      },
      { logger: false, abortOnError: false, instrument: { instanceDecorator: proxied } },
    );
  });
  afterAll(async () => {
    await app.close();
    await sdk.shutdown();
    await gateway.stop();
  });

  it('tracks an order until the handler is told, and the agent sees both', async () => {
    await app.get(OrderTracker).track(orderOf('PAID'));

    await eventually(() => expect(told).toEqual(['default///PAID/paid']));
    expect(seen).toEqual(expect.arrayContaining(['OrderTracker.track', 'ShopOrders.settled']));
  });

  it('reads the state and the queue of tracked orders', async () => {
    const tracker = app.get(OrderTracker);
    gateway.orders.create({ outTradeNo: 'OPEN', amount: { total: 1 } });

    await tracker.track(orderOf('OPEN', { ageMs: 0 }));

    expect(await tracker.peek({ outTradeNo: 'OPEN' })).toMatchObject({ phase: 'watching' });
    expect(await tracker.lag()).toBe(0);
    expect(await tracker.cancel({ outTradeNo: 'OPEN' })).toBe(true);
  });

  it('checks the health of the merchant', async () => {
    const wxpay = app.get(WxPayHealthIndicator);

    const { details } = await app.get(HealthCheckService).check([() => wxpay.check('wxpay')]);

    expect(details).toEqual({ wxpay: { status: 'up' } });
    expect(seen).toContain('WxPayHealthIndicator.check');
  });

  it('measures calls and the host of the merchant, and makes spans', async () => {
    await app.get(OrderQueryService).query({ outTradeNo: 'PAID' });

    const metrics = await sdk.collect();

    expect(sdk.spans.getFinishedSpans().map(({ name }) => name)).toContain('wxpay order.query');
    expect(metrics['wxpay.call.duration']?.map(({ attributes }) => attributes['wxpay.operation'])).toContain(
      'order.query',
    );
    expect(metrics['wxpay.host.state']).toContainEqual(
      expect.objectContaining({
        attributes: expect.objectContaining({ 'wxpay.merchant': 'default' }),
        value: 1,
      }),
    );
  });
});
