import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OrderSweepService, WxPayMerchants, WxPayModule, type OrderSettledEvent } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { PAYMENTS_TABLE, writeRecipe } from '../../support/harness/sweep-recipe.js';
import { placeHourAgo, writePayment, type SweepClasses } from '../../support/harness/swept-payments.js';
import { describeWithPostgres, usePostgres } from '../../support/servers/postgres.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

/** Three times as many as one statement claims. */
const ROWS = 300;
const postgres = usePostgres();
// With the lease of a minute: no row is due again while a spec runs.
const recipe = writeRecipe('payment-sweep.ts');
const { PaymentSweep } = (await import(recipe.file)) as SweepClasses;

afterAll(() => recipe.remove());

describeWithPostgres('the claims of two sweeps of docs/tracking.md', () => {
  let gateway: MockWxPayGateway;
  let app: INestApplicationContext;
  let told: string[];

  /** Sweeps as another process does: one instance runs one sweep at a time. */
  function sweep(): Promise<void> {
    const settled = ({ key }: OrderSettledEvent) => Promise.resolve(void told.push(key));
    const merchants = app.get(WxPayMerchants);
    return new PaymentSweep(postgres.pool, app.get(OrderSweepService), { settled }, merchants).run();
  }

  async function placePaid(outTradeNo: string): Promise<void> {
    placeHourAgo(gateway, outTradeNo);
    gateway.orders.pay(outTradeNo);
    await writePayment(postgres, outTradeNo);
  }

  beforeAll(async () => {
    gateway = await startGateway();
    app = await NestFactory.createApplicationContext(WxPayModule.forRoot(gateway.options()), {
      logger: false,
    });
    await postgres.pool.query(PAYMENTS_TABLE);
  });
  beforeEach(() => {
    told = [];
  });
  afterEach(() => postgres.pool.query('TRUNCATE payments'));
  afterAll(async () => {
    await app.close();
    await gateway.stop();
  });

  it('give each row to one of them, which queries its order once', async () => {
    const numbers = Array.from({ length: ROWS }, (_, index) => `CLAIM${index}`);
    await Promise.all(numbers.map(placePaid));

    await Promise.all([sweep(), sweep()]);

    const queried = gateway.requests.map(({ outTradeNo = '' }) => outTradeNo);
    expect(queried.toSorted()).toEqual(numbers.toSorted());
    expect(told).toHaveLength(ROWS);
  });

  it('do not wait for rows that another process is claiming', async () => {
    for (const outTradeNo of ['HELD', 'FREE']) await placePaid(outTradeNo);
    const client = await postgres.pool.connect();
    await client.query('BEGIN');
    await client.query(`SELECT FROM payments WHERE out_trade_no = 'HELD' FOR UPDATE`);

    await sweep();
    const first = [...told];
    await client.query('ROLLBACK');
    client.release();
    await sweep();

    expect(first).toEqual(['default///FREE/paid']);
    expect(told).toEqual(['default///FREE/paid', 'default///HELD/paid']);
  });
});
