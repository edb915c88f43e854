import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { ScheduleModule } from '@nestjs/schedule';
import {
  OrderQueryService,
  OrderSweepService,
  WxPayMerchants,
  WxPayModule,
  type OrderSettledEvent,
} from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { Pool, type PoolClient } from 'pg';
import { eventually } from '../../support/assertions/eventually.js';
import { PAYMENTS_TABLE, writeSweepRecipe } from '../../support/harness/sweep-recipe.js';
import {
  HOUR_MS,
  paymentOf,
  placeHourAgo,
  writePayment,
  type PaymentTerms,
  type SweepClasses,
} from '../../support/harness/swept-payments.js';
import { describeWithPostgres, usePostgres } from '../../support/servers/postgres.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const postgres = usePostgres();
const recipe = writeSweepRecipe('1 second');
const { PaymentSweep, PaymentHandler } = (await import(recipe.file)) as SweepClasses;

afterAll(() => recipe.remove());

describeWithPostgres('the sweep of docs/tracking.md', () => {
  let gateway: MockWxPayGateway;
  let app: TestingModule;
  let told: string[];
  let delayMs: number;
  /** Reaction of the shop, which a test replaces. */
  let settled: (event: OrderSettledEvent, client: PoolClient) => Promise<unknown>;

  const run = () => app.get(PaymentSweep).run();
  const notify = async (outTradeNo: string) =>
    app.get(PaymentSweep).notified('default', await app.get(OrderQueryService).query({ outTradeNo }));

  const write = (outTradeNo: string, terms?: PaymentTerms) => writePayment(postgres, outTradeNo, terms);
  const payment = (outTradeNo: string) => paymentOf(postgres, outTradeNo);

  /** Places an order an hour ago and writes its row, due now. */
  async function place(outTradeNo: string, terms?: PaymentTerms): Promise<void> {
    placeHourAgo(gateway, outTradeNo);
    await write(outTradeNo, terms);
  }

  beforeAll(async () => {
    gateway = await startGateway({ delayMs: () => delayMs });
    await postgres.pool.query(PAYMENTS_TABLE);
  });
  beforeEach(async () => {
    told = [];
    delayMs = 0;
    settled = ({ key }) => Promise.resolve(told.push(key));
    app = await Test.createTestingModule({
      imports: [ScheduleModule.forRoot(), WxPayModule.forRoot(gateway.options())],
      providers: [
        PaymentSweep,
        { provide: Pool, useValue: postgres.pool },
        {
          provide: PaymentHandler,
          useValue: { settled: (event: OrderSettledEvent, client: PoolClient) => settled(event, client) },
        },
      ],
    }).compile();
    app.useLogger(false);
  });
  afterEach(async () => {
    await app.close();
    gateway.faults(undefined);
    await postgres.pool.query('TRUNCATE payments');
  });
  afterAll(() => gateway.stop());

  it('delivers each outcome once and leaves open orders to a later sweep', async () => {
    await place('PG1');
    await place('PG2');
    await place('PG3', { lifeMs: 2 * HOUR_MS });
    gateway.orders.pay('PG1');

    await run();
    await run();

    expect(told.toSorted()).toEqual(['default///PG1/paid', 'default///PG2/closed']);
    expect(gateway.orders.get('PG2')?.tradeState).toBe('CLOSED');
    await expect(payment('PG1')).resolves.toMatchObject({ outcome: 'paid' });
    await expect(payment('PG3')).resolves.toMatchObject({ outcome: null, checks: 1 });
  });

  it('delivers a notified payment at once, and only once', async () => {
    await place('NEWS1', { lifeMs: 2 * HOUR_MS });
    await notify('NEWS1');
    expect(told).toEqual([]);
    gateway.orders.pay('NEWS1');

    await Promise.all([notify('NEWS1'), notify('NEWS1'), run()]);

    expect(told).toEqual(['default///NEWS1/paid']);
  });

  it('refuses a notified payment without a row, so that it is notified again', async () => {
    gateway.orders.create({ outTradeNo: 'NEWS2', amount: { total: 100 } });
    gateway.orders.pay('NEWS2');

    await expect(notify('NEWS2')).rejects.toThrow('Order NEWS2 of merchant "default" has no row.');
  });

  it('asks about an open order again at the next time of the official schedule', async () => {
    await place('SCHEDULE1', { lifeMs: 3 * HOUR_MS });

    await run();

    // An hour after it was placed, the next query is half an hour away.
    const { wait_s } = (await payment('SCHEDULE1')) ?? { wait_s: 0 };
    expect(wait_s).toBeGreaterThan(1_700);
    expect(wait_s).toBeLessThanOrEqual(1_800);
  });

  it('keeps outcome and effects of the shop together, and tells again if the shop fails', async () => {
    await place('SHOP1');
    await postgres.pool.query('CREATE TABLE deliveries (key text PRIMARY KEY)');
    const deliver = async ({ key }: OrderSettledEvent, client: PoolClient) => {
      told.push(key);
      await client.query('INSERT INTO deliveries VALUES ($1)', [key]);
    };
    settled = async (event, client) => {
      await deliver(event, client);
      throw new Error('The warehouse is closed.');
    };

    await run();
    const during = await postgres.pool.query('SELECT FROM deliveries');
    const failed = await payment('SHOP1');
    settled = deliver;
    await eventually(async () => {
      await run();
      expect(told).toHaveLength(2);
    });

    expect(during.rowCount).toBe(0);
    expect(failed).toMatchObject({ outcome: null });
    expect(new Set(told)).toEqual(new Set(['default///SHOP1/closed']));
    await expect(postgres.pool.query('SELECT FROM deliveries')).resolves.toMatchObject({ rowCount: 1 });
  });

  it('waits longer after each failure, and counts none as a check', async () => {
    await place('FAILING1', { lifeMs: 2 * HOUR_MS });
    await place('FAILING2', { merchant: 'unknown' });
    gateway.faults({ seed: 1, rate: 1, kinds: ['system-error'] });

    await run();
    const first = await payment('FAILING1');
    await postgres.pool.query('UPDATE payments SET next_at = now()');
    await run();
    const second = await payment('FAILING1');

    expect(first).toMatchObject({ failures: 1, checks: 0, outcome: null });
    expect(first?.wait_s).toBeGreaterThan(3);
    expect(first?.wait_s).toBeLessThanOrEqual(5);
    expect(second).toMatchObject({ failures: 2, checks: 0, outcome: null });
    expect(second?.wait_s).toBeGreaterThan(8);
    expect(second?.wait_s).toBeLessThanOrEqual(10);
    await expect(payment('FAILING2')).resolves.toMatchObject({ failures: 2, checks: 0, outcome: null });
  });

  it('delivers an outcome once although several sweeps have the row, because its lease ended', async () => {
    for (let number = 1; number <= 10; number++) await place(`MANY${number}`);
    const another = () =>
      new PaymentSweep(
        postgres.pool,
        app.get(OrderSweepService),
        app.get(PaymentHandler),
        app.get(WxPayMerchants),
      ).run();
    const requests = () => gateway.requests.filter(({ outTradeNo }) => outTradeNo?.startsWith('MANY')).length;
    delayMs = 500;

    const first = run();
    await eventually(() => expect(requests()).toBe(10));
    await postgres.pool.query('UPDATE payments SET next_at = now()');
    const second = another();
    await eventually(() => expect(requests()).toBeGreaterThanOrEqual(20));
    await Promise.all([first, second]);

    expect(told).toHaveLength(10);
    expect(new Set(told).size).toBe(10);
  });

  it('ends the row of an order that was never placed when it expires', async () => {
    await write('LOST1', { lifeMs: 2 * HOUR_MS });
    await write('LOST2');

    await run();

    await expect(payment('LOST1')).resolves.toMatchObject({ outcome: null, checks: 1, failures: 0 });
    expect(told).toEqual(['default///LOST2/not-found']);
  });

  it('runs every five seconds by itself, and saves what is known when the app is closed', async () => {
    await place('TIMER1');
    await app.init();

    await eventually(() => expect(told).toEqual(['default///TIMER1/closed']), 15_000);
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    settled = async ({ key }) => {
      told.push(key);
      await held;
    };
    await place('TIMER2');
    await eventually(() => expect(told).toContain('default///TIMER2/closed'), 15_000);
    const closing = app.close();
    release();
    await closing;

    await expect(payment('TIMER2')).resolves.toMatchObject({ outcome: 'closed' });
  });
});
