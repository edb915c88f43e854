import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { INestApplication, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { settledEvent, WxPayMerchants, WxPayModule } from 'nestjs-wxpay';
import { OrderTracker, type OrderSettledHandler } from 'nestjs-wxpay/bullmq';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { eventually } from '../../support/assertions/eventually.js';
import { changeRecipe, writeRecipe } from '../../support/harness/sweep-recipe.js';
import { orderOf } from '../../support/harness/tracking-app.js';
import { describeWithRedis, useRedis } from '../../support/servers/redis.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

interface TrackingRecipe {
  readonly TrackingModule: Type;
  readonly ShopOrders: new (merchants: WxPayMerchants) => OrderSettledHandler;
}

const EIGHT_DAYS_MS = 8 * 86_400_000;
const EXPIRED = { ageMs: 3_600_000, livesMs: 1_800_000 };
const redis = useRedis();
const recipe = writeRecipe('tracking.module.ts', 'tracked-notifications.controller.ts');

afterAll(() => recipe.remove());

describeWithRedis('the shop of docs/tracking.md with BullMQ', () => {
  let gateway: MockWxPayGateway;
  let tracking: TrackingRecipe;
  let controllers: Type[];
  let app: INestApplication;
  /** Calls of the shop, each with the key of its order. */
  let calls: string[];
  let isStockDown: boolean;

  const notify = async (outTradeNo: string) =>
    (await gateway.notify(outTradeNo, `${await app.getUrl()}/wxpay/notifications`)).status;

  /** Calls the handler of the recipe with an order at the counter that has to be reversed. */
  function reverse(outTradeNo: string): Promise<void> {
    const event = settledEvent({ ref: { outTradeNo } }, { outcome: 'reverse-required' });
    return new tracking.ShopOrders(app.get(WxPayMerchants)).settled(event);
  }

  beforeAll(async () => {
    gateway = await startGateway();
    const own = `connection: { url: '${redis.url}' }, prefix: '${redis.prefix}'`;
    changeRecipe(recipe.file, `connection: { url: 'redis://localhost:6379' }`, own);
    const call = (name: string) => async (key: string) => void calls.push(`${name} ${key}`);
    // The snippets take the code of the shop for granted.
    const shop = {
      fulfilPart: call('fulfil'),
      noteRefunded: call('noteRefunded'),
      releaseGoods: async (key: string) => {
        if (isStockDown) throw new Error('The stock is down.');
        await call('release')(key);
      },
    };
    Object.assign(globalThis, { shop });
    tracking = (await import(recipe.file)) as TrackingRecipe;
    const notifications = (await import(recipe.fileOf('tracked-notifications.controller.ts'))) as object;
    controllers = Object.values(notifications) as Type[];
  });
  beforeEach(async () => {
    calls = [];
    isStockDown = false;
    const compiled = await Test.createTestingModule({
      imports: [WxPayModule.forRoot(gateway.options()), tracking.TrackingModule],
      controllers,
    }).compile();
    app = compiled.createNestApplication({ rawBody: true, logger: false });
    await app.listen(0, '127.0.0.1');
  });
  afterEach(() => app.close());
  afterAll(() => gateway.stop());

  it('leaves a payment that is notified to its job', async () => {
    gateway.orders.create({ outTradeNo: 'TRACKED', amount: { total: 1 } });
    await app.get(OrderTracker).track(orderOf('TRACKED', { ageMs: 0 }));
    gateway.orders.pay('TRACKED');

    expect(await notify('TRACKED')).toBe(204);

    await eventually(() => expect(calls).toEqual(['fulfil default///TRACKED']), 15_000);
  });

  it('fulfils a payment that is notified and has no job', async () => {
    gateway.orders.create({ outTradeNo: 'UNTRACKED', amount: { total: 1 } });
    gateway.orders.pay('UNTRACKED');

    expect(await notify('UNTRACKED')).toBe(204);

    expect(calls).toEqual(['fulfil default///UNTRACKED']);
  });

  it('fulfils a payment that is notified after its job has told not-found', async () => {
    await app.get(OrderTracker).track(orderOf('LATE', EXPIRED));
    await eventually(() => expect(calls).toEqual(['release default///LATE']), 15_000);
    gateway.orders.create({ outTradeNo: 'LATE', amount: { total: 1 } });
    gateway.orders.pay('LATE');

    expect(await notify('LATE')).toBe(204);

    expect(calls).toEqual(['release default///LATE', 'fulfil default///LATE']);
  });

  it('takes no payment while its handler is still told not-found', async () => {
    isStockDown = true;
    await app.get(OrderTracker).track(orderOf('TELLING', EXPIRED));
    await eventually(async () =>
      expect(await app.get(OrderTracker).peek({ outTradeNo: 'TELLING' })).toMatchObject({ phase: 'telling' }),
    );
    gateway.orders.create({ outTradeNo: 'TELLING', amount: { total: 1 } });
    gateway.orders.pay('TELLING');

    expect(await notify('TELLING')).toBe(500);

    expect(calls).toEqual([]);
    isStockDown = false;
    await eventually(async () => expect(await notify('TELLING')).toBe(204), 15_000);
    expect(calls).toEqual(['release default///TELLING', 'fulfil default///TELLING']);
  });

  it('fulfils nothing that was refunded before the shop knew of the payment', async () => {
    gateway.orders.create({ outTradeNo: 'REFUNDED', amount: { total: 1 } });
    gateway.orders.pay('REFUNDED');
    gateway.orders.refund('REFUNDED');

    await app.get(OrderTracker).track(orderOf('REFUNDED', EXPIRED));

    await eventually(() => expect(calls).toEqual(['noteRefunded default///REFUNDED']), 15_000);
  });

  it('reverses an order at the counter, then releases its goods', async () => {
    const createdAt = new Date(Date.now() - 60_000);
    gateway.orders.create({ outTradeNo: 'COUNTER', amount: { total: 1 }, tradeType: 'MICROPAY', createdAt });
    gateway.orders.setState('COUNTER', 'USERPAYING');

    await reverse('COUNTER');

    expect(gateway.orders.get('COUNTER')).toMatchObject({ tradeState: 'REVOKED' });
    expect(calls).toEqual(['release default///COUNTER']);
  });

  it('fails when the order was not reversed, so that it is called again', async () => {
    const at = new Date(Date.now() - EIGHT_DAYS_MS);
    gateway.orders.create({
      outTradeNo: 'OLD',
      amount: { total: 1 },
      tradeType: 'MICROPAY',
      createdAt: new Date(at.getTime() - 60_000),
    });
    gateway.orders.pay('OLD', { at });

    await expect(reverse('OLD')).rejects.toThrow('Its reversal is not done: expired.');

    expect(calls).toEqual([]);
  });
});
