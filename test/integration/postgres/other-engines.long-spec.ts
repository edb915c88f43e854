import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Logger, run, runMigrations, type Runner, type TaskList } from 'graphile-worker';
import { OrderSweepService, WxPayModule, type OrderSettledEvent, type TrackedOrder } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import type { PoolClient } from 'pg';
import PgBoss from 'pg-boss';
import { eventually } from '../../support/assertions/eventually.js';
import { changeRecipe, writeRecipe } from '../../support/harness/sweep-recipe.js';
import { describeWithOwnPostgres, usePostgres } from '../../support/servers/postgres.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

type Settled = (event: OrderSettledEvent) => Promise<void>;
interface BossRecipe {
  startTracking(boss: PgBoss, sweeper: OrderSweepService, settled: Settled): Promise<void>;
  track(boss: PgBoss, order: TrackedOrder): Promise<void>;
  tellAgain(boss: PgBoss): Promise<void>;
}
interface WorkerRecipe {
  taskList(sweeper: OrderSweepService, settled: Settled): TaskList;
  trackWithin(client: Pick<PoolClient, 'query'>, order: TrackedOrder): Promise<void>;
}

const HOUR_MS = 3_600_000;
// A server of its own: both engines have schemas with fixed names.
const postgres = usePostgres({ own: true });
const recipe = writeRecipe('ask.ts', 'pg-boss.ts', 'graphile-worker.ts');
const bossRecipe = (await import(recipe.fileOf('pg-boss.ts'))) as BossRecipe;
const workerRecipe = (await import(recipe.fileOf('graphile-worker.ts'))) as WorkerRecipe;
// Gives up at once, not after two hours.
const impatient = writeRecipe('pg-boss.ts', 'ask.ts');
changeRecipe(impatient.file, 'retryLimit: 12', 'retryLimit: 0');
const impatientRecipe = (await import(impatient.file)) as BossRecipe;
const IN_TIME_MS = 30_000;

describeWithOwnPostgres('the recipes of docs/tracking.md for other engines', () => {
  let gateway: MockWxPayGateway;
  let app: INestApplicationContext;
  let told: string[];
  let isShopDown: boolean;

  const settled: Settled = async ({ key }) => {
    told.push(key);
    if (isShopDown) throw new Error('The shop is down.');
  };
  const queriesOf = (outTradeNo: string) =>
    gateway.requests.filter((request) => request.outTradeNo === outTradeNo).length;

  /** Places an order an hour ago, which expires half an hour later by default. */
  function placed(outTradeNo: string, lifeMs = HOUR_MS / 2): TrackedOrder {
    const createdAt = new Date(Date.now() - HOUR_MS);
    gateway.orders.create({ outTradeNo, createdAt, amount: { total: 100 } });
    return { ref: { outTradeNo }, createdAt, expiresAt: new Date(createdAt.getTime() + lifeMs) };
  }

  beforeAll(async () => {
    gateway = await startGateway();
    app = await NestFactory.createApplicationContext(WxPayModule.forRoot(gateway.options()), {
      logger: false,
    });
  });
  beforeEach(() => {
    told = [];
    isShopDown = false;
  });
  afterAll(async () => {
    await app.close();
    await gateway.stop();
    recipe.remove();
    impatient.remove();
  });

  it('track orders with pg-boss, and retry the shop without asking again', async () => {
    const boss = new PgBoss({ connectionString: postgres.url });
    boss.on('error', () => undefined);
    await boss.start();
    await bossRecipe.startTracking(boss, app.get(OrderSweepService), settled);
    isShopDown = true;
    const [paid, unpaid, open] = [placed('BOSS1'), placed('BOSS2'), placed('BOSS3', 2 * HOUR_MS)];
    gateway.orders.pay('BOSS1');

    for (const order of [paid, unpaid, open, open]) await bossRecipe.track(boss, order);
    await eventually(() => expect(new Set(told).size).toBe(2), IN_TIME_MS);
    const asked = queriesOf('BOSS1');
    isShopDown = false;
    await eventually(
      () => expect(told.filter((key) => key.endsWith('/paid')).length).toBeGreaterThan(1),
      IN_TIME_MS,
    );
    await eventually(async () => expect(await boss.getQueueSize('wxpay-ask')).toBe(1), IN_TIME_MS);
    await boss.stop({ graceful: false });

    expect(new Set(told)).toEqual(new Set(['default///BOSS1/paid', 'default///BOSS2/closed']));
    expect(queriesOf('BOSS1')).toBe(asked);
  }, 90_000);

  it('keep with pg-boss an outcome that the shop never took, until it is told again', async () => {
    const boss = new PgBoss({ connectionString: postgres.url, schema: 'untold' });
    boss.on('error', () => undefined);
    await boss.start();
    await impatientRecipe.startTracking(boss, app.get(OrderSweepService), settled);
    isShopDown = true;
    const order = placed('UNTOLD1');
    gateway.orders.pay('UNTOLD1');

    await impatientRecipe.track(boss, order);
    await eventually(async () => expect(await boss.getQueueSize('wxpay-untold')).toBe(1), IN_TIME_MS);
    isShopDown = false;
    await impatientRecipe.tellAgain(boss);
    await eventually(() => expect(told).toHaveLength(2), IN_TIME_MS);
    const left = await boss.getQueueSize('wxpay-untold');
    await boss.stop({ graceful: false });

    expect(told).toEqual(['default///UNTOLD1/paid', 'default///UNTOLD1/paid']);
    expect(left).toBe(0);
  }, 90_000);

  it('track orders with graphile-worker, in the transaction of the shop', async () => {
    const logger = new Logger(() => () => undefined);
    await runMigrations({ pgPool: postgres.pool, logger });
    const runner: Runner = await run({
      pgPool: postgres.pool,
      noHandleSignals: true,
      logger,
      pollInterval: 500,
      taskList: workerRecipe.taskList(app.get(OrderSweepService), settled),
    });
    const [paid, open, dropped] = [placed('WORKER1'), placed('WORKER2', 2 * HOUR_MS), placed('WORKER3')];
    gateway.orders.pay('WORKER1');

    const client = await postgres.pool.connect();
    for (const order of [paid, open, open]) await workerRecipe.trackWithin(client, order);
    await client.query('BEGIN');
    await workerRecipe.trackWithin(client, dropped);
    await client.query('ROLLBACK');
    client.release();
    await eventually(() => expect(told).toEqual(['default///WORKER1/paid']), IN_TIME_MS);
    await eventually(async () => {
      const { rows } = await postgres.pool.query('SELECT key FROM graphile_worker.jobs');
      expect(rows).toEqual([{ key: 'default///WORKER2' }]);
    }, IN_TIME_MS);
    await runner.stop();

    expect(queriesOf('WORKER3')).toBe(0);
  }, 90_000);
});
