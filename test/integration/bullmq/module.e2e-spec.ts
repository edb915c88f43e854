import { expect, it } from '@jest/globals';
import { Inject, Injectable, Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { WxPayConfigError, WxPayModule } from 'nestjs-wxpay';
import {
  OrderSettledHandler,
  OrderTracker,
  OrderTrackingModule,
  type OrderSettledEvent,
  type OrderTrackingOptions,
} from 'nestjs-wxpay/bullmq';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();

@Injectable()
class Shop {
  readonly fulfilled: string[] = [];
}

@Module({ providers: [Shop], exports: [Shop] })
class ShopModule {}

@Injectable()
class ShopOrders extends OrderSettledHandler {
  constructor(private readonly shop: Shop) {
    super();
  }
  override settled({ key }: OrderSettledEvent): Promise<void> {
    this.shop.fulfilled.push(key);
    return Promise.resolve();
  }
}

const optionsOf = (): OrderTrackingOptions => ({
  connection: { url: sandbox.redis.url },
  prefix: `${sandbox.redis.prefix}-module`,
});

@Injectable()
class TrackingOptions {
  createOrderTrackingOptions(): OrderTrackingOptions {
    return optionsOf();
  }
}

@Module({ providers: [TrackingOptions], exports: [TrackingOptions] })
class TrackingOptionsModule {}

async function boot(
  tracking: DynamicModule,
  ...others: NonNullable<DynamicModule['imports']>
): Promise<INestApplicationContext> {
  @Module({ imports: [WxPayModule.forRoot(sandbox.gateway.options()), tracking, ...others] })
  class AppModule {}
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  sandbox.closeLater(app);
  return app;
}

describeWithRedis('OrderTrackingModule', () => {
  it.each<[form: string, tracking: () => DynamicModule]>([
    [
      'forRoot',
      () => OrderTrackingModule.forRoot({ ...optionsOf(), handler: ShopOrders, imports: [ShopModule] }),
    ],
    [
      'forRootAsync with useFactory',
      () =>
        OrderTrackingModule.forRootAsync({
          imports: [ShopModule, TrackingOptionsModule],
          inject: [TrackingOptions],
          useFactory: (options: TrackingOptions) => options.createOrderTrackingOptions(),
          handler: ShopOrders,
        }),
    ],
    [
      'forRootAsync with useClass',
      () =>
        OrderTrackingModule.forRootAsync({
          useClass: TrackingOptions,
          imports: [ShopModule],
          handler: ShopOrders,
        }),
    ],
    [
      'forRootAsync with useExisting',
      () =>
        OrderTrackingModule.forRootAsync({
          useExisting: TrackingOptions,
          imports: [ShopModule, TrackingOptionsModule],
          handler: ShopOrders,
        }),
    ],
  ])('creates the handler with what its imports provide: %s', async (form, tracking) => {
    const outTradeNo = `FORM-${form.length}`;
    sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
    sandbox.gateway.orders.pay(outTradeNo);
    const app = await boot(tracking());

    await app.get(OrderTracker).track(orderOf(outTradeNo));

    await eventually(() => expect(app.get(Shop).fulfilled).toEqual([`default///${outTradeNo}/paid`]));
  });

  it('provides the queues under the tokens of @InjectQueue', async () => {
    @Injectable()
    class Board {
      constructor(
        @Inject('BullQueue_wxpay-orders-default') readonly own: Queue,
        @Inject('BullQueue_wxpay-orders-eu%3A1') readonly other: Queue,
      ) {}
    }
    const tracking = OrderTrackingModule.forRoot({
      ...optionsOf(),
      handler: ShopOrders,
      imports: [ShopModule],
      queuesOf: ['default', 'eu:1'],
    });
    @Module({ imports: [tracking], providers: [Board] })
    class BoardModule {}

    const app = await boot(tracking, BoardModule);

    expect(app.get(Board).own).toBeInstanceOf(Queue);
    expect(app.get(Board).other.name).toBe('wxpay-orders-eu%3A1');
  });

  it('provides the tracker everywhere with isGlobal', async () => {
    @Injectable()
    class Checkout {
      constructor(readonly tracker: OrderTracker) {}
    }
    @Module({ providers: [Checkout] })
    class CheckoutModule {}
    const options = { ...optionsOf(), handler: ShopOrders, imports: [ShopModule], isGlobal: true };

    const app = await boot(OrderTrackingModule.forRoot(options), CheckoutModule);

    expect(app.get(Checkout).tracker).toBe(app.get(OrderTracker));
  });

  it('works with a client of the app, which stays open', async () => {
    const client = new Redis(sandbox.redis.url, { maxRetriesPerRequest: null });
    sandbox.closeLater({ close: () => client.quit() });
    sandbox.gateway.orders.create({ outTradeNo: 'CLIENT-1', amount: { total: 1 } });
    sandbox.gateway.orders.pay('CLIENT-1');
    const options = { ...optionsOf(), connection: client, handler: ShopOrders, imports: [ShopModule] };
    const app = await boot(OrderTrackingModule.forRoot(options));

    await app.get(OrderTracker).track(orderOf('CLIENT-1'));
    await eventually(() => expect(app.get(Shop).fulfilled).toHaveLength(1));
    await app.close();

    expect(await client.ping()).toBe('PONG');
  });

  it('reports every fault of the options when the app starts', async () => {
    // Sound: what a JavaScript app may pass.
    const wrong = {
      rateLimit: { max: 0 },
      concurrency: 1.5,
      worker: 'no',
      stalledAfterMs: 999,
    } as unknown as OrderTrackingOptions;

    const failure = await failureOf(
      WxPayConfigError,
      boot(OrderTrackingModule.forRoot({ ...wrong, handler: ShopOrders, imports: [ShopModule] })),
    );

    expect(failure.faults).toEqual([
      'Order tracking: connection must be the options of a connection to Redis, such as { url: "redis://localhost:6379" }, or a client.',
      'Order tracking: worker must be true or false.',
      'Order tracking: concurrency must be a whole number from 1 to 10000.',
      'Order tracking: rateLimit must be { max, durationMs }, two whole numbers of at least 1.',
      'Order tracking: stalledAfterMs must be a whole number of milliseconds, at least 1000.',
    ]);
  });

  it('refuses to be imported with two sets of options', async () => {
    const options = { ...optionsOf(), handler: ShopOrders, imports: [ShopModule] };

    const failure = await failureOf(
      WxPayConfigError,
      boot(OrderTrackingModule.forRoot(options), OrderTrackingModule.forRoot({ ...options, worker: false })),
    );

    expect(failure.faults).toEqual([expect.stringContaining('imported with two sets of options')]);
  });

  it('needs a handler', () => {
    // Sound: what a JavaScript app may pass.
    const options = optionsOf() as Parameters<typeof OrderTrackingModule.forRoot>[0];

    expect(() => OrderTrackingModule.forRoot(options)).toThrow(
      'Order tracking: handler must be the class that takes the outcomes. Write one that extends OrderSettledHandler.',
    );
  });

  it('refuses to track refunds for a handler that does not take them', async () => {
    const app = await boot(
      OrderTrackingModule.forRoot({ ...optionsOf(), handler: ShopOrders, imports: [ShopModule] }),
    );

    const failure = await failureOf(
      WxPayConfigError,
      app.get(OrderTracker).trackRefund({ outRefundNo: 'R1' }),
    );

    expect(failure.message).toContain('has no refunded(event)');
  });
});
