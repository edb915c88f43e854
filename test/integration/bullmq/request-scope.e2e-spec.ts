import { expect, it } from '@jest/globals';
import { Inject, Injectable, Module, Scope, type DynamicModule } from '@nestjs/common';
import { NestFactory, REQUEST } from '@nestjs/core';
import { WxPayConfigError, WxPayModule } from 'nestjs-wxpay';
import { OrderSettledHandler, OrderTrackingModule, type OrderTrackingOptions } from 'nestjs-wxpay/bullmq';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const OF_OPTIONS =
  'Order tracking: the options are request-scoped: what forRootAsync injects, or its class, depends on the request. Workers start without a request: inject providers of the default scope only.';
const OF_HANDLER =
  'Order tracking: the handler, or a provider that it injects, is request-scoped. There is no request when an outcome is delivered: inject providers of the default scope only.';

const sandbox = useTracking();
const optionsOf = (): OrderTrackingOptions => ({
  connection: { url: sandbox.redis.url },
  prefix: `${sandbox.redis.prefix}-scope`,
});

@Injectable({ scope: Scope.REQUEST })
class RequestUser {}

@Module({ providers: [RequestUser], exports: [RequestUser] })
class UserModule {}

class ShopOrders extends OrderSettledHandler {
  override settled(): Promise<void> {
    return Promise.resolve();
  }
}

@Injectable()
class RequestOrders extends ShopOrders {
  constructor(@Inject(RequestUser) readonly user: RequestUser) {
    super();
  }
}

@Injectable({ scope: Scope.TRANSIENT })
class TransientRequestOrders extends RequestOrders {}

@Injectable({ scope: Scope.REQUEST })
class RequestOptions {
  createOrderTrackingOptions(): OrderTrackingOptions {
    return optionsOf();
  }
}

const imports = [UserModule];

describeWithRedis('OrderTrackingModule with a part that depends on the request', () => {
  it.each<[part: string, faults: readonly string[], tracking: () => DynamicModule]>([
    [
      'a handler',
      [OF_HANDLER],
      () => OrderTrackingModule.forRoot({ ...optionsOf(), handler: RequestOrders, imports }),
    ],
    [
      'a transient handler',
      [OF_HANDLER],
      () => OrderTrackingModule.forRoot({ ...optionsOf(), handler: TransientRequestOrders, imports }),
    ],
    [
      'a factory of options that injects the request',
      [OF_OPTIONS],
      () =>
        OrderTrackingModule.forRootAsync({ handler: ShopOrders, inject: [REQUEST], useFactory: optionsOf }),
    ],
    [
      'a class of options',
      [OF_OPTIONS],
      () => OrderTrackingModule.forRootAsync({ handler: ShopOrders, useClass: RequestOptions }),
    ],
    [
      'both a handler and options',
      [OF_OPTIONS, OF_HANDLER],
      () =>
        OrderTrackingModule.forRootAsync({
          handler: RequestOrders,
          imports,
          inject: [RequestUser],
          useFactory: optionsOf,
        }),
    ],
  ])('does not start: %s', async (_, faults, tracking) => {
    @Module({ imports: [WxPayModule.forRoot(sandbox.gateway.options()), tracking()] })
    class AppModule {}
    const start = async (): Promise<void> => {
      sandbox.closeLater(
        await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false }),
      );
    };

    const failure = await failureOf(WxPayConfigError, start());

    expect(failure.faults).toEqual(faults);
  });
});
