import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import {
  Injectable,
  Module,
  type INestApplicationContext,
  type OnApplicationBootstrap,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WxPayModule } from 'nestjs-wxpay';
import { OrderSettledHandler, OrderTrackingModule } from 'nestjs-wxpay/bullmq';
import { eventually } from '../../support/assertions/eventually.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();
/** A worker that has begun too early tells a due order within this time. */
const EARLY_MS = 400;

/** Events of the app that starts. */
let events: string[] = [];
const begin = async (hook: string): Promise<void> => {
  events.push(`${hook} begins`);
  await pause(EARLY_MS);
  events.push(`${hook} ends`);
};

@Injectable()
class SlowInit implements OnModuleInit {
  onModuleInit(): Promise<void> {
    return begin('onModuleInit');
  }
}

@Injectable()
class SlowBootstrap implements OnApplicationBootstrap {
  onApplicationBootstrap(): Promise<void> {
    return begin('onApplicationBootstrap');
  }
}

@Injectable()
class ShopOrders extends OrderSettledHandler {
  override settled(): Promise<void> {
    events.push('told');
    return Promise.resolve();
  }
}

/** Leaves a due order to the app that is started next. */
async function leaveDueOrder(outTradeNo: string): Promise<void> {
  const { tracker } = await sandbox.start({ worker: false });
  sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
  sandbox.gateway.orders.pay(outTradeNo);
  await tracker.track(orderOf(outTradeNo));
  events = [];
}

/** @param provider of the app itself, or of a module that the handler needs */
async function start(provider: Type, owner: 'app' | 'handler'): Promise<INestApplicationContext> {
  @Module({ providers: [provider] })
  class ShopModule {}
  @Module({
    imports: [
      WxPayModule.forRoot(sandbox.gateway.options()),
      OrderTrackingModule.forRoot({
        connection: { url: sandbox.redis.url },
        prefix: sandbox.queue().opts.prefix,
        handler: ShopOrders,
        imports: owner === 'handler' ? [ShopModule] : [],
      }),
    ],
    providers: owner === 'app' ? [provider] : [],
  })
  class AppModule {}
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  sandbox.closeLater(app);
  return app;
}

describeWithRedis('an app that starts while an order is due', () => {
  it('calls no handler before each module is initialised', async () => {
    await leaveDueOrder('EARLY-1');

    await start(SlowInit, 'app');

    await eventually(() => expect(events).toContain('told'));
    expect(events).toEqual(['onModuleInit begins', 'onModuleInit ends', 'told']);
  });

  it('calls no handler before the modules that the handler needs have bootstrapped', async () => {
    await leaveDueOrder('EARLY-2');

    await start(SlowBootstrap, 'handler');

    await eventually(() => expect(events).toContain('told'));
    expect(events).toEqual(['onApplicationBootstrap begins', 'onApplicationBootstrap ends', 'told']);
  });
});
