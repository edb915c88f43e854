import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { Module, type INestApplicationContext, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Queue } from 'bullmq';
import { WxPayModule, type TrackedOrder, type WxPayV3Options } from 'nestjs-wxpay';
import {
  OrderSettledHandler,
  OrderTracker,
  OrderTrackingModule,
  type OrderSettledEvent,
  type OrderTrackingOptions,
  type RefundSettledEvent,
} from 'nestjs-wxpay/bullmq';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { useRedis, type TestRedis } from '../servers/redis.js';
import { startGateway } from '../servers/mock-gateway.js';

/** An app that tracks orders, and what its handler was told. */
export interface TrackingApp {
  readonly app: INestApplicationContext;
  readonly tracker: OrderTracker;
  readonly told: OrderSettledEvent[];
  readonly refunds: RefundSettledEvent[];
}

/** A spec's options, beside those of Redis. */
export interface TrackingSettings extends Partial<OrderTrackingOptions> {
  /** Runs before an event is noted; throws to fail. */
  readonly onTold?: (event: OrderSettledEvent | RefundSettledEvent) => void | Promise<void>;
  readonly merchant?: Partial<WxPayV3Options>;
  readonly isGlobal?: boolean;
  /** Takes the log lines; default: none does. */
  readonly logger?: LoggerService;
}

/** A gateway, a Redis and apps that are closed after each test. */
export interface TrackingSandbox {
  readonly gateway: MockWxPayGateway;
  readonly redis: TestRedis;
  start(settings?: TrackingSettings): Promise<TrackingApp>;
  /** The queue of a merchant, by its documented name. */
  queue(name?: string): Queue;
  /** Closes an app, or anything else, after the test. */
  closeLater(open: { close(): Promise<unknown> }): void;
}

/** Keeps a gateway and a Redis alive for the tests of one file; each test has the Redis for itself, by its prefix. */
export function useTracking(): TrackingSandbox {
  const redis = useRedis();
  const open: { close(): Promise<unknown> }[] = [];
  const queues = new Map<string, Queue>();
  let gateway: MockWxPayGateway;
  let tests = 0;
  const connection = () => ({ connection: { url: redis.url }, prefix: `${redis.prefix}-${tests}` });

  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterEach(async () => {
    gateway.faults(undefined);
    for (const each of open.splice(0).toReversed()) await each.close();
    queues.clear();
    tests++;
  });
  afterAll(() => gateway.stop());

  async function start({
    onTold,
    merchant,
    logger,
    ...options
  }: TrackingSettings = {}): Promise<TrackingApp> {
    const told: OrderSettledEvent[] = [];
    const refunds: RefundSettledEvent[] = [];
    class Handler extends OrderSettledHandler {
      override async settled(event: OrderSettledEvent): Promise<void> {
        await onTold?.(event);
        told.push(event);
      }
      override async refunded(event: RefundSettledEvent): Promise<void> {
        await onTold?.(event);
        refunds.push(event);
      }
    }
    @Module({
      imports: [
        WxPayModule.forRoot(gateway.options(merchant)),
        OrderTrackingModule.forRoot({ ...connection(), ...options, handler: Handler }),
      ],
    })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, {
      logger: logger ?? false,
      abortOnError: false,
    });
    open.push(app);
    return { app, tracker: app.get(OrderTracker), told, refunds };
  }

  return {
    redis,
    get gateway() {
      return gateway;
    },
    start,
    queue(name = 'wxpay-orders-default') {
      const known = queues.get(name);
      if (known !== undefined) return known;
      const queue = new Queue(name, connection());
      queues.set(name, queue);
      open.push(queue);
      return queue;
    },
    closeLater: (each) => void open.push(each),
  };
}

/** Returns an order of the shop that was placed a while ago. */
export function orderOf(
  outTradeNo: string,
  {
    ageMs = 6 * 60_000,
    livesMs = 3_600_000,
    subMchid,
  }: { ageMs?: number; livesMs?: number; subMchid?: string } = {},
): TrackedOrder {
  const createdAt = new Date(Date.now() - ageMs);
  return {
    ref: { outTradeNo, ...(subMchid === undefined ? {} : { subMchid }) },
    createdAt,
    expiresAt: new Date(createdAt.getTime() + livesMs),
  };
}
