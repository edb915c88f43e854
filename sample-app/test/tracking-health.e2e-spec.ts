import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { ExpressAdapter } from '@nestjs/platform-express';
import { NestFactory } from '@nestjs/core';
import { Queue } from 'bullmq';
import { WxPayModule } from 'nestjs-wxpay';
import { OrderSettledHandler, OrderTracker, OrderTrackingModule } from 'nestjs-wxpay/bullmq';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { eventually } from '../../test/support/assertions/eventually.js';
import { describeWithOwnRedis, RedisServer } from '../../test/support/servers/redis.js';
import { startSample } from './support/start-sample.js';

const HOUR_MS = 3_600_000;

class BrokenShop extends OrderSettledHandler {
  override settled(): Promise<void> {
    return Promise.reject(new Error('The shop is broken.'));
  }
}

describeWithOwnRedis('the health of the sample with REDIS_URL', () => {
  let redis: RedisServer;
  let gateway: MockWxPayGateway;

  beforeAll(async () => {
    redis = await RedisServer.start();
    gateway = await MockWxPayGateway.start();
  }, 60_000);
  afterEach(async () => {
    const queue = openQueue();
    await queue.obliterate({ force: true });
    await queue.close();
  });
  afterAll(async () => {
    await gateway.stop();
    await redis.stop();
  });

  const openQueue = () => new Queue('wxpay-orders-default', { connection: { url: redis.url } });

  async function defaultMerchant(): Promise<unknown> {
    const sample = await startSample(new ExpressAdapter(), { REDIS_URL: redis.url });
    try {
      const { status, body } = await sample.get('/health');
      expect(status).toBe(200);
      return (body as { details: Record<string, unknown> }).details['wxpay-default'];
    } finally {
      await sample.app.close();
    }
  }

  /** Tracks an order of which the first query is an hour late, by an app that parks what the shop refuses once. */
  async function trackLate(
    outTradeNo: string,
    until: (tracker: OrderTracker) => Promise<void>,
  ): Promise<void> {
    const tracking = OrderTrackingModule.forRoot({
      connection: { url: redis.url },
      handler: BrokenShop,
      handlerAttempts: 1,
      isGlobal: true,
    });
    const app = await NestFactory.createApplicationContext(
      { module: class ShopModule {}, imports: [WxPayModule.forRoot(gateway.options()), tracking] },
      { logger: false },
    );
    const createdAt = new Date(Date.now() - HOUR_MS);
    const tracker = app.get(OrderTracker);
    await tracker.track({ ref: { outTradeNo }, createdAt, expiresAt: new Date() });
    await until(tracker);
    await app.close();
  }

  it('is good while no job is late', async () => {
    expect(await defaultMerchant()).toEqual({ status: 'up' });
  });

  it('shows orders that are queried late', async () => {
    const queue = openQueue();
    await queue.pause();
    await trackLate('LATE', () => Promise.resolve());

    const shown = await defaultMerchant();

    expect(shown).toEqual({ status: 'up', degraded: true, reasons: ['tracking-lag'] });
    await queue.close();
  });

  it('shows parked orders', async () => {
    await trackLate('PARKED', (tracker) =>
      eventually(async () => {
        expect(await tracker.parked()[Symbol.asyncIterator]().next()).toMatchObject({ done: false });
      }, 15_000),
    );

    const shown = await defaultMerchant();

    expect(shown).toEqual({ status: 'up', degraded: true, reasons: ['parked-orders'] });
  });
});
