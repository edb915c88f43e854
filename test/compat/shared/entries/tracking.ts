import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Module, type Type } from '@nestjs/common';
import { WxPayModule } from 'nestjs-wxpay';
import {
  OrderSettledHandler,
  OrderTracker,
  OrderTrackingError,
  OrderTrackingModule,
  type OrderSettledEvent,
} from 'nestjs-wxpay/bullmq';
import { WxPayTelemetryModule } from 'nestjs-wxpay/opentelemetry';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import type { CreateContext } from './create-context.js';

interface Shop {
  readonly module: Type;
  /** What its handler was told. */
  readonly told: readonly OrderSettledEvent[];
}

function openShop(gateway: MockWxPayGateway, url: string): Shop {
  const told: OrderSettledEvent[] = [];
  @Injectable()
  class ShopOrders extends OrderSettledHandler {
    override async settled(event: OrderSettledEvent): Promise<void> {
      told.push(event);
      await Promise.resolve();
    }
  }
  @Module({
    imports: [
      WxPayModule.forRoot(gateway.options()),
      WxPayTelemetryModule.forRoot(),
      OrderTrackingModule.forRoot({
        connection: { url },
        prefix: `compat-${randomUUID()}`,
        handler: ShopOrders,
        trackTimeoutMs: 1_000,
      }),
    ],
  })
  class ShopModule {}
  return { module: ShopModule, told };
}

/** Tracks a paid order until the handler is told; without a Redis, until the tracker says that there is none. */
export async function run(create: CreateContext): Promise<void> {
  const redisUrl = process.env['REDIS_URL'];
  const gateway = await MockWxPayGateway.start();
  gateway.orders.create({ outTradeNo: 'TRACKED', amount: { total: 100 } });
  gateway.orders.pay('TRACKED');
  // Nothing listens to the port of a service that was never widely used.
  const { module, told } = openShop(gateway, redisUrl ?? 'redis://127.0.0.1:1');
  const app = await create(module, { logger: false, abortOnError: false });
  try {
    const createdAt = new Date(Date.now() - 360_000);
    const expiresAt = new Date(createdAt.getTime() + 1_800_000);
    const tracking = app.get(OrderTracker).track({ ref: { outTradeNo: 'TRACKED' }, createdAt, expiresAt });
    if (redisUrl === undefined) {
      await assert.rejects(tracking, OrderTrackingError);
      return;
    }
    await tracking;
    const end = Date.now() + 20_000;
    while (told.length === 0 && Date.now() < end) await pause(20);
    assert.deepEqual(
      told.map(({ key }) => key),
      ['default///TRACKED/paid'],
    );
  } finally {
    await app.close();
    await gateway.stop();
  }
}
