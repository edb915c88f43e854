import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { INestApplication, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { WxPayModule } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { Pool } from 'pg';
import { PAYMENTS_TABLE, writeRecipe } from '../../support/harness/sweep-recipe.js';
import {
  paymentOf,
  placeHourAgo,
  writePayment,
  type SweepClasses,
} from '../../support/harness/swept-payments.js';
import { describeWithPostgres, usePostgres } from '../../support/servers/postgres.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const EIGHT_DAYS_MS = 8 * 86_400_000;
const postgres = usePostgres();
const recipe = writeRecipe('payment-sweep.ts', 'payments.module.ts', 'notifications.controller.ts');
const { PaymentSweep } = (await import(recipe.file)) as SweepClasses;
const { PaymentsModule } = (await import(recipe.fileOf('payments.module.ts'))) as { PaymentsModule: Type };

afterAll(() => recipe.remove());

describeWithPostgres('the shop of docs/tracking.md', () => {
  let gateway: MockWxPayGateway;
  let app: INestApplication;

  const run = () => app.get(PaymentSweep).run();
  const payment = (outTradeNo: string) => paymentOf(postgres, outTradeNo);
  const notify = async (outTradeNo: string) =>
    (await gateway.notify(outTradeNo, `${await app.getUrl()}/wxpay/notifications`)).status;

  async function deliveries(): Promise<string[]> {
    const { rows } = await postgres.pool.query<{ key: string }>('SELECT order_key AS key FROM deliveries');
    return rows.map(({ key }) => key).toSorted();
  }

  /** Writes the row of an order that cannot be closed, because its customer is at the password. */
  async function placeAtCounter(outTradeNo: string, createdAt?: Date): Promise<void> {
    placeHourAgo(gateway, outTradeNo, { tradeType: 'MICROPAY', ...(createdAt && { createdAt }) });
    gateway.orders.setState(outTradeNo, 'USERPAYING');
    await writePayment(postgres, outTradeNo);
  }

  beforeAll(async () => {
    gateway = await startGateway();
    await postgres.pool.query(PAYMENTS_TABLE);
    await postgres.pool.query('CREATE TABLE deliveries (order_key text PRIMARY KEY)');
  });
  beforeEach(async () => {
    const module = Test.createTestingModule({
      imports: [WxPayModule.forRoot({ ...gateway.options(), isGlobal: true }), PaymentsModule],
    });
    const compiled = await module.overrideProvider(Pool).useValue(postgres.pool).compile();
    app = compiled.createNestApplication({ rawBody: true, logger: false });
    await app.listen(0, '127.0.0.1');
  });
  afterEach(async () => {
    await app.close();
    await postgres.pool.query('TRUNCATE payments, deliveries');
  });
  afterAll(() => gateway.stop());

  it.each(['not-found', 'closed', 'reverse-required'])(
    'delivers a payment that is notified after its row has ended as %s',
    async (outcome) => {
      const outTradeNo = `LATE-${outcome}`;
      placeHourAgo(gateway, outTradeNo);
      await writePayment(postgres, outTradeNo);
      await postgres.pool.query('UPDATE payments SET outcome = $1', [outcome]);
      gateway.orders.pay(outTradeNo);

      const status = await notify(outTradeNo);

      expect(status).toBe(204);
      await expect(payment(outTradeNo)).resolves.toMatchObject({ outcome: 'paid' });
      expect(await deliveries()).toEqual([`default///${outTradeNo}`]);
    },
  );

  it('does not call the handler again when the notification of a payment is repeated', async () => {
    placeHourAgo(gateway, 'TWICE');
    await writePayment(postgres, 'TWICE');
    gateway.orders.pay('TWICE');
    await notify('TWICE');
    await postgres.pool.query('TRUNCATE deliveries');

    const status = await notify('TWICE');

    expect(status).toBe(204);
    expect(await deliveries()).toEqual([]);
  });

  it('delivers nothing that was refunded before the shop knew of the payment', async () => {
    placeHourAgo(gateway, 'REFUNDED');
    gateway.orders.pay('REFUNDED');
    gateway.orders.refund('REFUNDED');
    await writePayment(postgres, 'REFUNDED');

    await run();

    await expect(payment('REFUNDED')).resolves.toMatchObject({ outcome: 'paid' });
    expect(await deliveries()).toEqual([]);
  });

  it('reverses an order at the counter that has expired', async () => {
    await placeAtCounter('COUNTER');

    await run();

    expect(gateway.orders.get('COUNTER')).toMatchObject({ tradeState: 'REVOKED' });
    await expect(payment('COUNTER')).resolves.toMatchObject({ outcome: 'closed' });
  });

  it('keeps an order that was not reversed, and delivers it once it is found paid', async () => {
    const at = new Date(Date.now() - EIGHT_DAYS_MS);
    await placeAtCounter('NOT-REVERSED', new Date(at.getTime() - 60_000));
    const when = { operation: 'order.query', outTradeNo: 'NOT-REVERSED' };
    // The settlement sees the customer at the password, the reversal a payment that is too old to be reversed.
    gateway.next({ when });
    gateway.next({ when, before: () => void gateway.orders.pay('NOT-REVERSED', { at }) });

    await run();
    const before = await payment('NOT-REVERSED');
    await postgres.pool.query('UPDATE payments SET next_at = now()');
    await run();

    expect(before).toMatchObject({ outcome: null });
    await expect(payment('NOT-REVERSED')).resolves.toMatchObject({ outcome: 'paid' });
    expect(await deliveries()).toEqual(['default///NOT-REVERSED']);
  });
});
