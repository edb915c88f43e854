import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Queue } from 'bullmq';
import { orderKey, WxPayModule, type TrackedOrder } from 'nestjs-wxpay';
import {
  OrderSettledHandler,
  OrderTracker,
  OrderTrackingError,
  OrderTrackingModule,
} from 'nestjs-wxpay/bullmq';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { eventually } from '../../support/assertions/eventually.js';
import { KilledWorkers } from '../../support/harness/killed-workers.js';
import { orderOf } from '../../support/harness/tracking-app.js';
import { describeWithOwnRedis, RedisServer } from '../../support/servers/redis.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

/** Number of orders; `TRACKING_CRASH_ORDERS` takes fewer. */
const ORDERS = Number(process.env['TRACKING_CRASH_ORDERS'] ?? 10_000);
const WORKERS = 3;
const WORKER_KILLS = 12;
const REDIS_KILLS = 3;
/** The specs take about a minute on two cores that have nothing else to do. */
const TIMEOUT_MS = 600_000;
/** Longer than any pause of workers: locks end after 2 seconds, and BullMQ connects again after 20 seconds at most. */
const LOST_AFTER_MS = 90_000;
/** Time until a third of the orders expires. */
const EXPIRY_MS = 15_000;

class Ignored extends OrderSettledHandler {
  override settled(): Promise<void> {
    return Promise.reject(new Error('This process does not work.'));
  }
}

describeWithOwnRedis(`${ORDERS} orders, while workers and Redis are killed`, () => {
  let gateway: MockWxPayGateway;
  let redis: RedisServer;
  let workers: KilledWorkers;
  let web: INestApplicationContext;
  let connection: { readonly connection: { readonly url: string }; readonly prefix: string };

  beforeAll(async () => {
    gateway = await startGateway({ keepRequests: 1 });
    redis = await RedisServer.start('--appendonly', 'yes');
    connection = { connection: { url: redis.url }, prefix: 'crashes' };
    const { signer: _signer, ...merchant } = gateway.optionsV2();
    workers = await KilledWorkers.build({
      merchant: { ...merchant, key: gateway.keys.apiV2Key },
      tracking: { ...connection, stalledAfterMs: 2_000, rateLimit: { max: 100_000, durationMs: 1_000 } },
    });
    @Module({
      imports: [
        WxPayModule.forRoot(gateway.optionsV2()),
        OrderTrackingModule.forRoot({
          ...connection,
          worker: false,
          trackTimeoutMs: 2_000,
          handler: Ignored,
        }),
      ],
    })
    class WebModule {}
    web = await NestFactory.createApplicationContext(WebModule, { logger: false });
  }, 60_000);
  afterAll(async () => {
    await workers.stop();
    await web.close();
    await redis.stop();
    await gateway.stop();
  });

  it(
    'settles every order, and tells it under one key',
    async () => {
      const expected = place(gateway);
      for (let started = 0; started < WORKERS; started++) workers.start();
      const tracker = web.get(OrderTracker);
      const tracked = trackAll(tracker, [...expected.values()]);
      /** Rejects if an order cannot be tracked, and never fulfils. */
      const untracked = tracked.then(() => new Promise<never>(() => undefined));
      const killRedis = async (): Promise<void> => {
        await redis.kill();
        await pause(Math.random() * 500);
        await redis.restart();
        // What Redis has acknowledged in its last moments may be lost: a shop tracks the open orders of its table again.
        const told = new Set(workers.told);
        await trackAll(
          tracker,
          [...expected].filter(([key]) => !told.has(key)).map(([, order]) => order),
        );
      };

      const begin = performance.now();
      for (const { progress, what } of moments()) {
        await Promise.race([untilTold(progress * ORDERS), untracked]);
        await (what === 'redis' ? killRedis() : workers.kill(Math.floor(Math.random() * WORKERS)));
      }
      await Promise.race([untilTold(ORDERS), untracked]);
      await tracked;

      const told = new Set(workers.told);
      const duplicates = workers.told.length - told.size;
      process.stderr.write(
        `${ORDERS} orders settled in ${Math.round((performance.now() - begin) / 1000)} s; ${duplicates} events told again under the same key.\n`,
      );
      expect([...told].toSorted()).toEqual([...expected.keys()].toSorted());
      await expectNothingLeft();
    },
    TIMEOUT_MS,
  );

  /** Waits until that many orders are told. @throws {Error} if no order is told for a while: one is lost */
  async function untilTold(count: number): Promise<void> {
    let told = 0;
    for (let quietSince = performance.now(); told < count;) {
      await pause(50);
      const { size } = new Set(workers.told);
      if (size > told) quietSince = performance.now();
      told = size;
      if (performance.now() - quietSince > LOST_AFTER_MS) {
        throw new Error(`${told} of ${ORDERS} orders were told, and none in the last ${LOST_AFTER_MS} ms.`);
      }
    }
  }

  /** No job was parked or dropped: each one completes, the last ones when their locks have ended. */
  async function expectNothingLeft(): Promise<void> {
    const queue = new Queue('wxpay-orders-default', connection);
    try {
      await eventually(
        async () => expect(await queue.getJobCountByTypes('active', 'waiting', 'delayed')).toBe(0),
        20_000,
      );
      expect(await queue.getFailedCount()).toBe(0);
    } finally {
      await queue.close();
    }
  }
});

/** Chooses how many of the orders are told when something is killed, at random but for the last part, which ends the test. */
function moments(): readonly { readonly progress: number; readonly what: 'worker' | 'redis' }[] {
  return Array.from({ length: WORKER_KILLS + REDIS_KILLS }, (_, index) => ({
    progress: Math.random() * 0.95,
    what: index < REDIS_KILLS ? ('redis' as const) : ('worker' as const),
  })).toSorted((a, b) => a.progress - b.progress);
}

/**
 * Places orders of three kinds: paid ones, expired ones, and open ones that expire soon, half of which are paid before.
 *
 * @returns the orders, by the key under which each has to be told
 */
function place(gateway: MockWxPayGateway): ReadonlyMap<string, TrackedOrder> {
  const expected = new Map<string, TrackedOrder>();
  for (let index = 0; index < ORDERS; index++) {
    const outTradeNo = `${index}`.padStart(8, '0');
    const createdAt = new Date(Date.now() - 600_000);
    gateway.orders.create({ outTradeNo, amount: { total: 100 }, createdAt });
    const isOpen = index % 3 === 2;
    const isPaid = index % 3 === 0 || (isOpen && index % 2 === 0);
    if (isPaid && isOpen) setTimeout(() => gateway.orders.pay(outTradeNo), EXPIRY_MS / 2);
    if (isPaid && !isOpen) gateway.orders.pay(outTradeNo);
    const livesMs = isOpen ? 360_000 + EXPIRY_MS : 60_000;
    expected.set(
      `${orderKey('default', { outTradeNo })}/${isPaid ? 'paid' : 'closed'}`,
      orderOf(outTradeNo, { livesMs }),
    );
  }
  return expected;
}

/** Tracks orders as an app does that asks again when Redis is away. */
async function trackAll(tracker: OrderTracker, orders: readonly TrackedOrder[]): Promise<void> {
  const open = [...orders];
  const track = async (): Promise<void> => {
    for (let order = open.pop(); order !== undefined; order = open.pop()) {
      try {
        await tracker.track(order);
      } catch (error) {
        // A parked order is a failure, and asking again for ever would outlive the test.
        if (!(error instanceof OrderTrackingError && error.retryable)) throw error;
        // It may be tracked or not: tracking twice is tracking once.
        open.push(order);
      }
    }
  };
  await Promise.all(Array.from({ length: 20 }, track));
}
