import { expect, it } from '@jest/globals';
import { OrderTrackingError } from 'nestjs-wxpay/bullmq';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();

describeWithRedis('OrderTracker.confirm', () => {
  it('makes the job ask now, which then tells the outcome', async () => {
    const { tracker, told } = await sandbox.start();
    sandbox.gateway.orders.create({ outTradeNo: 'NEWS-1', amount: { total: 1 } });
    await tracker.track(orderOf('NEWS-1'));
    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'NEWS-1' })).toMatchObject({ checks: 1 }),
    );
    const order = sandbox.gateway.orders.pay('NEWS-1');

    expect(await tracker.confirm(order)).toBe(true);

    await eventually(() => expect(told).toMatchObject([{ outcome: 'paid' }]));
  });

  it('waits for the query under way, which may have asked before the payment', async () => {
    const { tracker, told } = await sandbox.start();
    const order = sandbox.gateway.orders.create({ outTradeNo: 'NEWS-2', amount: { total: 1 } });
    sandbox.gateway.next({ when: { outTradeNo: 'NEWS-2' }, delayMs: 300 });
    await tracker.track(orderOf('NEWS-2'));
    await eventually(async () => expect(await sandbox.queue().getActiveCount()).toBe(1));
    await eventually(() => expect(sandbox.gateway.requests.at(-1)).toMatchObject({ outTradeNo: 'NEWS-2' }));

    const confirmed = tracker.confirm(order);
    sandbox.gateway.orders.pay('NEWS-2');

    expect(await confirmed).toBe(true);
    await eventually(() => expect(told).toMatchObject([{ outcome: 'paid' }]));
  });

  it('rejects when the query under way does not end soon, so that the notification comes again', async () => {
    const { tracker } = await sandbox.start({ trackTimeoutMs: 1_000 });
    const order = sandbox.gateway.orders.create({ outTradeNo: 'NEWS-5', amount: { total: 1 } });
    sandbox.gateway.next({ when: { outTradeNo: 'NEWS-5' }, delayMs: 1_500 });
    await tracker.track(orderOf('NEWS-5'));
    await eventually(async () => expect(await sandbox.queue().getActiveCount()).toBe(1));

    const failure = await failureOf(OrderTrackingError, tracker.confirm(order));

    expect(failure.message).toBe('A step of order NEWS-5 did not end within 800 ms. Call again later.');
  });

  it('does not settle an order early', async () => {
    const { tracker } = await sandbox.start();
    sandbox.gateway.orders.create({ outTradeNo: 'NEWS-3', amount: { total: 1 } });
    await tracker.track(orderOf('NEWS-3', { livesMs: 6 * 60_000 + 4_000 }));
    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'NEWS-3' })).toMatchObject({ checks: 1 }),
    );

    await tracker.confirm({ outTradeNo: 'NEWS-3' });

    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'NEWS-3' })).toMatchObject({ checks: 2 }),
    );
    expect(sandbox.gateway.orders.get('NEWS-3')).toMatchObject({ tradeState: 'NOTPAY' });
  });

  it('returns false for an order that is not tracked', async () => {
    const { tracker } = await sandbox.start();

    expect(await tracker.confirm({ outTradeNo: 'NEWS-4' })).toBe(false);
  });

  it('makes an order work again that was parked without an outcome', async () => {
    const { tracker, told } = await sandbox.start({ merchant: { maxAttempts: 1 } });
    const order = sandbox.gateway.orders.create({ outTradeNo: 'NEWS-6', amount: { total: 1 } });
    sandbox.gateway.next({ status: 403, code: 'NO_AUTH', when: { outTradeNo: 'NEWS-6' } });
    const [at, exp, fault] = [-60, 60, -31].map((minutes) => Date.now() + minutes * 60_000);
    await sandbox.queue().add('order', { v: 1, no: 'NEWS-6', at, exp, fault }, { jobId: 'd-NEWS-6' });
    await eventually(async () => expect(await sandbox.queue().getFailedCount()).toBe(1));
    sandbox.gateway.orders.pay('NEWS-6');

    expect(await tracker.confirm(order)).toBe(true);

    await eventually(() => expect(told).toMatchObject([{ outcome: 'paid' }]));
  });

  it('leaves an order parked whose handler failed: its outcome is known', async () => {
    let calls = 0;
    const { tracker } = await sandbox.start({
      handlerAttempts: 1,
      onTold() {
        calls++;
        throw new Error('Broken.');
      },
    });
    const order = sandbox.gateway.orders.create({ outTradeNo: 'NEWS-7', amount: { total: 1 } });
    sandbox.gateway.orders.pay('NEWS-7');
    await tracker.track(orderOf('NEWS-7'));
    await eventually(async () => expect(await sandbox.queue().getFailedCount()).toBe(1));

    expect(await tracker.confirm(order)).toBe(false);

    expect(await sandbox.queue().getJobCounts('failed', 'waiting', 'active', 'delayed')).toEqual({
      failed: 1,
      waiting: 0,
      active: 0,
      delayed: 0,
    });
    expect(calls).toBe(1);
  });
});

describeWithRedis('OrderTracker.cancel', () => {
  it('stops tracking an order', async () => {
    const { tracker } = await sandbox.start();
    await tracker.track(orderOf('CANCEL-1', { ageMs: 1_000 }));

    expect(await tracker.cancel({ outTradeNo: 'CANCEL-1' })).toBe(true);

    expect(await tracker.peek({ outTradeNo: 'CANCEL-1' })).toBeUndefined();
    expect(await tracker.cancel({ outTradeNo: 'CANCEL-1' })).toBe(false);
  });

  it('waits for the query under way', async () => {
    const { tracker } = await sandbox.start();
    sandbox.gateway.orders.create({ outTradeNo: 'CANCEL-2', amount: { total: 1 } });
    sandbox.gateway.next({ when: { outTradeNo: 'CANCEL-2' }, delayMs: 300 });
    await tracker.track(orderOf('CANCEL-2'));
    await eventually(async () => expect(await sandbox.queue().getActiveCount()).toBe(1));

    expect(await tracker.cancel({ outTradeNo: 'CANCEL-2' })).toBe(true);
  });

  it('returns false while the order is being settled, and while its outcome is told', async () => {
    let release = (): void => {};
    const handled = new Promise<void>((resolve) => (release = resolve));
    const { tracker, told } = await sandbox.start({ onTold: () => handled });
    sandbox.gateway.orders.create({ outTradeNo: 'CANCEL-3', amount: { total: 1 } });
    sandbox.gateway.next({ when: { operation: 'order.close' }, delayMs: 500 });
    await tracker.track(orderOf('CANCEL-3', { livesMs: 1_000 }));
    await eventually(() =>
      expect(sandbox.gateway.requests.at(-1)).toMatchObject({
        operation: 'order.close',
        outTradeNo: 'CANCEL-3',
      }),
    );

    expect(await tracker.peek({ outTradeNo: 'CANCEL-3' })).toMatchObject({ phase: 'settling' });
    expect(await tracker.cancel({ outTradeNo: 'CANCEL-3' })).toBe(false);
    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'CANCEL-3' })).toMatchObject({
        phase: 'telling',
        outcome: 'closed',
      }),
    );
    expect(await tracker.cancel({ outTradeNo: 'CANCEL-3' })).toBe(false);

    release();
    await eventually(() => expect(told).toHaveLength(1));
  });
});

describeWithRedis('OrderTracker.peek', () => {
  it('shows when WeChat Pay is asked next', async () => {
    const { tracker } = await sandbox.start({ worker: false });
    const order = orderOf('PEEK-1', { ageMs: 0 });

    await tracker.track(order);

    expect(await tracker.peek(order.ref)).toEqual({
      key: 'default///PEEK-1',
      merchant: 'default',
      ref: { outTradeNo: 'PEEK-1' },
      phase: 'watching',
      nextAt: new Date(order.createdAt.getTime() + 5_000),
      checks: 0,
      failures: 0,
    });
  });

  it('shows nothing once the outcome was told', async () => {
    const { tracker } = await sandbox.start();
    sandbox.gateway.orders.create({ outTradeNo: 'PEEK-2', amount: { total: 1 } });
    sandbox.gateway.orders.pay('PEEK-2');

    await tracker.track(orderOf('PEEK-2'));

    await eventually(async () => expect(await tracker.peek({ outTradeNo: 'PEEK-2' })).toBeUndefined());
  });
});
