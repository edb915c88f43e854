import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { build, clean } from '../../campaign/build.mjs';
import { eventually } from '../../support/assertions/eventually.js';
import { PAYMENTS_TABLE, writeSweepRecipe } from '../../support/harness/sweep-recipe.js';
import { describeWithOwnPostgres, usePostgres } from '../../support/servers/postgres.js';
import type { WorkerMerchant } from './worker/sweep-worker.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const ORDERS = 10_000;
const WORKERS = 2;
/** Number of tellings after which a worker is killed, again and again. */
const KILL_EVERY = 1_200;
/** Numbers of tellings after which PostgreSQL is killed. */
const POSTGRES_KILLS = [3_000, 7_000];
const HOUR_MS = 3_600_000;
/** Less than a minute on two idle cores; a busy machine may take longer. */
const TIMEOUT_MS = 400_000;

const postgres = usePostgres({ own: true });

describeWithOwnPostgres('sweeps whose processes and PostgreSQL are killed', () => {
  const recipe = writeSweepRecipe('2 seconds');
  const workers: ChildProcess[] = [];
  /** Keys that workers told, once for each telling. */
  const told: string[] = [];
  let gateway: MockWxPayGateway;
  let folder: string;
  let kills = 0;
  let isOver = false;
  let postgresKills = Promise.resolve();
  let reportEnough = (): void => undefined;
  const enough = new Promise<void>((resolve) => (reportEnough = resolve));

  function startWorker(): ChildProcess {
    const { mchid, appid, hosts } = gateway.optionsV2();
    const merchant: WorkerMerchant = { mchid, appid, hosts, apiV2Key: gateway.keys.apiV2Key };
    const script = join(folder, 'test/integration/postgres/worker/sweep-worker.js');
    const args = [
      script,
      join(folder, recipe.folder, 'payment-sweep.js'),
      postgres.url,
      JSON.stringify(merchant),
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface({ input: child.stdout }).on('line', addTold);
    return child;
  }

  /** Kills in the middle of work: when enough outcomes were told, whatever the processes are doing. */
  function addTold(key: string): void {
    told.push(key);
    if (told.length === ORDERS) reportEnough();
    if (isOver) return;
    if (told.length % KILL_EVERY === 0) {
      const index = kills++ % WORKERS;
      workers[index]?.kill('SIGKILL');
      workers[index] = startWorker();
    }
    if (POSTGRES_KILLS.includes(told.length)) postgresKills = postgresKills.then(killPostgres);
  }

  async function killPostgres(): Promise<void> {
    await postgres.server?.kill();
    await postgres.server?.restart();
  }

  /** Places orders an hour ago, of which every third is paid, and writes a row for each. */
  async function placeOrders(): Promise<void> {
    const createdAt = new Date(Date.now() - HOUR_MS);
    const numbers = Array.from({ length: ORDERS }, (_, index) => `KILL${index}`);
    for (const [index, outTradeNo] of numbers.entries()) {
      gateway.orders.create({ outTradeNo, createdAt, amount: { total: 100 } });
      if (index % 3 !== 0) gateway.orders.pay(outTradeNo);
    }
    await postgres.pool.query(
      `INSERT INTO payments (out_trade_no, created_at, expires_at)
       SELECT unnest($1::text[]), $2::timestamptz, $2::timestamptz + interval '30 minutes'`,
      [numbers, createdAt],
    );
  }

  beforeAll(async () => {
    gateway = await startGateway({ keepRequests: 1 });
    folder = await build('killed-workers', ['lib', recipe.folder, 'test/integration/postgres/worker']);
    await postgres.pool.query(PAYMENTS_TABLE);
    await postgres.pool.query('CREATE TABLE deliveries (key text PRIMARY KEY, outcome text NOT NULL)');
    await placeOrders();
  }, 60_000);
  afterAll(async () => {
    isOver = true;
    const exits = workers.map(async (worker) => {
      const exit = once(worker, 'exit');
      if (worker.kill('SIGKILL')) await exit;
    });
    await Promise.all(exits);
    await postgresKills;
    await gateway.stop();
    recipe.remove();
    await clean();
  }, 60_000);

  it(
    'settle every order, lose none, and tell none under two keys',
    async () => {
      // Customers pay while orders are closed.
      gateway.faults({ seed: 7, rate: 0.2, kinds: ['pay-during-close'] });
      for (let count = 0; count < WORKERS; count++) workers.push(startWorker());

      // Each order is told at least once. Waiting for that many costs nothing, unlike asking PostgreSQL.
      await enough;
      await eventually(async () => {
        const { rows } = await postgres.pool.query('SELECT FROM payments WHERE outcome IS NULL LIMIT 1');
        expect(rows).toEqual([]);
      }, 60_000);
      isOver = true;

      const stored = await keysIn(
        "SELECT 'default///' || out_trade_no || '/' || outcome AS key FROM payments",
      );
      const delivered = await keysIn('SELECT key FROM deliveries');
      const truth = gateway.orders
        .list()
        .map(
          ({ outTradeNo, tradeState }) =>
            `default///${outTradeNo}/${tradeState === 'SUCCESS' ? 'paid' : 'closed'}`,
        )
        .toSorted();
      expect(truth).toHaveLength(ORDERS);
      expect(stored).toEqual(truth);
      expect(delivered).toEqual(truth);
      expect([...new Set(told)].toSorted()).toEqual(truth);
      expect(kills).toBeGreaterThanOrEqual(8);
    },
    TIMEOUT_MS,
  );

  async function keysIn(sql: string): Promise<string[]> {
    const { rows } = await postgres.pool.query<{ key: string }>(sql);
    return rows.map(({ key }) => key).toSorted();
  }
});
