import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import {
  OrderSweepService,
  settledEvent,
  WxPayMerchants,
  WxPayModule,
  WxPayTransportError,
  type SweepOutcome,
  type TrackedOrder,
} from 'nestjs-wxpay';
import { useContainers } from '../../support/harness/containers.js';
import { linesOf } from '../../support/servers/shop-of-orders.js';

const containers = useContainers();
const HOUR_MS = 3_600_000;
let numbers = 0;

/** Places an order an hour ago that expires `lifeMs` later, half an hour ago by default. */
function placed({ lifeMs = HOUR_MS / 2, tradeType = 'JSAPI', merchant = 'default' } = {}): TrackedOrder {
  const outTradeNo = `SWEEP${++numbers}`;
  const createdAt = new Date(Date.now() - HOUR_MS);
  containers.gateway.orders.create({ outTradeNo, tradeType, createdAt, amount: { total: 100 } });
  return { ref: { outTradeNo }, createdAt, expiresAt: new Date(createdAt.getTime() + lifeMs), merchant };
}

const start = async (): Promise<OrderSweepService> => {
  const app = await containers.start(
    WxPayModule.forRoot(containers.gateway.options()),
    WxPayModule.forRoot({ name: 'v2', ...containers.gateway.optionsV2() }),
    WxPayModule.forRoot({ name: 'other', ...containers.otherOptions() }),
  );
  return app.get(OrderSweepService);
};
const stateOf = ({ ref }: TrackedOrder) => containers.gateway.orders.get(ref.outTradeNo)?.tradeState;

afterEach(() => containers.gateway.faults(undefined));

describe('OrderSweepService.sweep', () => {
  it.each(['default', 'v2'])(
    'reports paid, open, closed and expired orders of the merchant %s',
    async (merchant) => {
      const service = await start();
      const [paid, open, closed, overdue] = [
        placed({ merchant }),
        placed({ merchant, lifeMs: 2 * HOUR_MS }),
        placed({ merchant, lifeMs: 2 * HOUR_MS }),
        placed({ merchant }),
      ];
      containers.gateway.orders.pay(paid.ref.outTradeNo);
      containers.gateway.orders.close(closed.ref.outTradeNo);

      const lines = await linesOf(service.sweep([paid, open, closed, overdue]));

      expect(lines.toSorted()).toEqual(
        [
          `${paid.ref.outTradeNo} paid`,
          `${open.ref.outTradeNo} NOTPAY`,
          `${closed.ref.outTradeNo} closed`,
          `${overdue.ref.outTradeNo} closed`,
        ].toSorted(),
      );
      expect(stateOf(overdue)).toBe('CLOSED');
      expect(stateOf(open)).toBe('NOTPAY');
    },
  );

  it('asks each merchant about its own orders', async () => {
    const service = await start();
    const createdAt = new Date(Date.now() - HOUR_MS);
    const expiresAt = new Date(Date.now() + HOUR_MS);
    const order = (outTradeNo: string, merchant: string) => ({
      ref: { outTradeNo },
      createdAt,
      expiresAt,
      merchant,
    });

    const lines = await linesOf(
      service.sweep([order('T1', 'default'), order('T2', 'other'), order('T2', 'default')], {
        concurrency: 1,
      }),
    );

    expect(lines).toEqual(['T1 NOTPAY', 'T2 NOTPAY', 'T2 ORDER_NOT_EXIST']);
  });

  it('reports paid an order that the customer pays while the sweep closes it', async () => {
    const service = await start();
    const order = placed();
    containers.gateway.next({
      when: { operation: 'order.close' },
      before: () => void containers.gateway.orders.pay(order.ref.outTradeNo),
    });

    const lines = await linesOf(service.sweep([order]));

    expect(lines).toEqual([`${order.ref.outTradeNo} paid`]);
    expect(stateOf(order)).toBe('SUCCESS');
  });

  it('reports the same outcomes, under the same keys, from sweeps that overlap', async () => {
    const service = await start();
    const orders = Array.from({ length: 40 }, () => placed());
    for (const { ref } of orders.slice(0, 10)) containers.gateway.orders.pay(ref.outTradeNo);
    // Customers go on paying while the sweeps close.
    containers.gateway.faults({ seed: 7, rate: 0.3, kinds: ['pay-during-close'] });

    const told = await Promise.all([1, 2, 3].map(() => keysOf(service.sweep(orders, { concurrency: 16 }))));

    const [first] = told;
    expect(first?.size).toBe(orders.length);
    expect(told).toEqual([first, first, first]);
    expect([...(first ?? [])].filter((key) => key.endsWith('/paid')).length).toBeGreaterThan(10);
  });

  it('refuses an order that is said to be placed in two days, by the clock of the machine', async () => {
    const service = await start();
    const createdAt = new Date(Date.now() + 48 * HOUR_MS);
    const order = { ...placed(), createdAt, expiresAt: new Date(createdAt.getTime() + HOUR_MS) };

    const lines = await linesOf(service.sweep([order]));

    expect(lines).toEqual([`${order.ref.outTradeNo} WXPAY_INPUT`]);
  });

  it('leaves a 付款码 order that has expired to be reversed', async () => {
    const service = await start();
    const order = placed({ tradeType: 'MICROPAY' });

    const lines = await linesOf(service.sweep([order]));

    expect(lines).toEqual([`${order.ref.outTradeNo} reverse-required`]);
    expect(stateOf(order)).toBe('NOTPAY');
  });

  it('reports an outage of one order after another, and settles them in the next sweep', async () => {
    const service = await start();
    const orders = [placed(), placed()];
    containers.gateway.faults({ seed: 1, rate: 1, kinds: ['system-error'] });

    const during = await linesOf(service.sweep(orders));
    containers.gateway.faults(undefined);
    const after = await linesOf(service.sweep(orders));

    expect(during.map((line) => line.split(' ')[1])).toEqual(['unresolved', 'unresolved']);
    expect(after.map((line) => line.split(' ')[1])).toEqual(['closed', 'closed']);
  });

  it('settles the orders of a merchant while twenty of another one wait for its rate limit', async () => {
    const service = await start();
    const limited = Array.from({ length: 20 }, () => placed());
    for (const { ref } of limited) {
      const refused = { status: 429, code: 'FREQUENCY_LIMITED', headers: { 'Retry-After': '60' } };
      containers.gateway.next({ ...refused, when: { outTradeNo: ref.outTradeNo } });
    }
    const others = Array.from({ length: 5 }, () => placed({ merchant: 'v2' }));

    const settled: string[] = [];
    for await (const { order, settlement } of service.sweep([...limited, ...others])) {
      settled.push(`${order.merchant} ${settlement?.outcome}`);
      if (settled.length === others.length) break;
    }

    expect(settled).toEqual(others.map(() => 'v2 closed'));
  });

  it('serves merchants that are registered while the app runs', async () => {
    const app = await containers.start(WxPayModule.forRoot({ name: 'one', ...containers.gateway.options() }));
    const service = app.get(OrderSweepService);
    const order = { ...placed({ lifeMs: 2 * HOUR_MS }), merchant: 'tenant' };

    const before = await linesOf(service.sweep([order]));
    app.get(WxPayMerchants).register('tenant', { ...containers.gateway.options(), sharedMchid: true });
    const after = await linesOf(service.sweep([order]));

    expect(before).toEqual([`${order.ref.outTradeNo} WXPAY_CONFIG`]);
    expect(after).toEqual([`${order.ref.outTradeNo} NOTPAY`]);
  });

  it('is injected wherever WxPayModule is imported, and where it is global', async () => {
    @Injectable()
    class Job {
      constructor(readonly sweeper: OrderSweepService) {}
    }
    @Module({ providers: [Job] })
    class JobModule {}

    const app = await containers.start(
      WxPayModule.forRoot({ ...containers.gateway.options(), isGlobal: true }),
      JobModule,
    );

    expect(app.get(Job).sweeper).toBe(app.get(OrderSweepService));
  });

  it('stops with an error when the app is closed', async () => {
    const app = await containers.start(WxPayModule.forRoot(containers.gateway.options()));
    const outcomes = app.get(OrderSweepService).sweep([placed(), placed()], { concurrency: 1 });
    await outcomes.next();

    await app.close();

    await expect(outcomes.next()).rejects.toThrow(WxPayTransportError);
  });
});

async function keysOf(outcomes: AsyncIterable<SweepOutcome>): Promise<ReadonlySet<string>> {
  const keys: string[] = [];
  for await (const { order, settlement } of outcomes) {
    if (settlement?.outcome !== 'paid' && settlement?.outcome !== 'closed') throw new Error('Not settled.');
    keys.push(settledEvent(order, settlement).key);
  }
  return new Set(keys.toSorted());
}
