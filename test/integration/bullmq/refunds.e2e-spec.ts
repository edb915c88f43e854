import { expect, it } from '@jest/globals';
import type { Job } from 'bullmq';
import { OrderTrackingError } from 'nestjs-wxpay/bullmq';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();

/** Accepts a refund at the gateway. */
function refund(outRefundNo: string): void {
  const outTradeNo = `of-${outRefundNo}`;
  sandbox.gateway.orders.create({ outTradeNo, amount: { total: 100 } });
  sandbox.gateway.orders.pay(outTradeNo);
  sandbox.gateway.refunds.create({ outRefundNo, outTradeNo, amount: { refund: 60 } });
}

async function jobOf(outRefundNo: string): Promise<Job> {
  const job = await sandbox.queue().getJob(`r-${outRefundNo}`);
  if (job === undefined) throw new Error(`There is no job of ${outRefundNo}.`);
  return job;
}

describeWithRedis('OrderTracker.trackRefund', () => {
  it('asks a minute after the refund was requested, and once however often it is tracked', async () => {
    const { tracker } = await sandbox.start({ worker: false });

    await Promise.all([1, 2].map(() => tracker.trackRefund({ outRefundNo: 'R-1' })));

    expect(await sandbox.queue().getDelayedCount()).toBe(1);
    expect((await jobOf('R-1')).delay).toBe(60_000);
  });

  it('delivers the final status', async () => {
    const { tracker, refunds } = await sandbox.start();
    refund('R-2');
    await tracker.trackRefund({ outRefundNo: 'R-2' });
    await (await jobOf('R-2')).promote();
    await eventually(async () => expect((await jobOf('R-2')).data).toMatchObject({ checks: 1 }));
    sandbox.gateway.refunds.settle('R-2', 'SUCCESS');

    await eventually(async () => (await jobOf('R-2')).promote());

    await eventually(() => expect(refunds).toHaveLength(1));
    expect(refunds[0]).toEqual({
      key: 'refund/default///R-2/SUCCESS',
      merchant: 'default',
      ref: { outRefundNo: 'R-2' },
      status: 'SUCCESS',
      refund: {
        refundId: expect.any(String),
        outRefundNo: 'R-2',
        outTradeNo: 'of-R-2',
        transactionId: expect.any(String),
        successTime: expect.any(Date),
        amount: { refund: 60, total: 100 },
      },
    });
  });

  it('tracks a refund again that the bank had refused', async () => {
    const { tracker, refunds } = await sandbox.start();
    refund('R-3');
    sandbox.gateway.refunds.settle('R-3', 'ABNORMAL');
    await tracker.trackRefund({ outRefundNo: 'R-3' });
    await (await jobOf('R-3')).promote();
    await eventually(() => expect(refunds).toMatchObject([{ status: 'ABNORMAL' }]));
    await eventually(async () => expect(await sandbox.queue().getCompletedCount()).toBe(1));

    await tracker.trackRefund({ outRefundNo: 'R-3' });

    expect(await sandbox.queue().getDelayedCount()).toBe(1);
  });

  it('rejects while the refusal of the bank is told, and until the handler has taken it', async () => {
    const failures: OrderTrackingError[] = [];
    const { tracker, refunds } = await sandbox.start({
      handlerBackoffMs: 60_000,
      async onTold() {
        if (failures.length > 0) return;
        failures.push(await failureOf(OrderTrackingError, tracker.trackRefund({ outRefundNo: 'R-6' })));
        throw new Error('Called again after a minute.');
      },
    });
    refund('R-6');
    sandbox.gateway.refunds.settle('R-6', 'ABNORMAL');
    await tracker.trackRefund({ outRefundNo: 'R-6' });
    await (await jobOf('R-6')).promote();
    await eventually(async () => expect(await (await jobOf('R-6')).isDelayed()).toBe(true));

    failures.push(await failureOf(OrderTrackingError, tracker.trackRefund({ outRefundNo: 'R-6' })));

    const message =
      'ABNORMAL of refund R-6 is being delivered to the handler: its job ends when the handler returns. Call trackRefund after that, outside of the handler.';
    expect(failures).toMatchObject([1, 2].map(() => ({ retryable: true, message })));
    await (await jobOf('R-6')).promote();
    await eventually(() => expect(refunds).toHaveLength(1));
    await eventually(() => tracker.trackRefund({ outRefundNo: 'R-6' }));
    expect(await sandbox.queue().getDelayedCount()).toBe(1);
  });

  it('lists and retries refunds whose handler failed', async () => {
    let isBroken = true;
    const { tracker, refunds } = await sandbox.start({
      handlerAttempts: 1,
      onTold() {
        if (isBroken) throw new Error('Away.');
      },
    });
    refund('R-4');
    sandbox.gateway.refunds.settle('R-4');
    await tracker.trackRefund({ outRefundNo: 'R-4' });
    await (await jobOf('R-4')).promote();

    await eventually(async () => {
      const parked = [];
      for await (const state of tracker.parkedRefunds()) parked.push(state);
      expect(parked).toMatchObject([{ key: 'refund/default///R-4', phase: 'parked', outcome: 'SUCCESS' }]);
    });
    isBroken = false;
    expect(await tracker.retry('refund/default///R-4')).toBe(true);

    await eventually(() => expect(refunds).toHaveLength(1));
  });

  it('parks a refund that is not final after 14 days, but not at the first query after a retry', async () => {
    const { tracker } = await sandbox.start();
    refund('R-5');

    await sandbox
      .queue()
      .add('refund', { v: 1, rno: 'R-5', at: Date.now() - 15 * 86_400_000 }, { jobId: 'r-R-5' });

    await eventually(async () => {
      const parked = [];
      for await (const state of tracker.parkedRefunds()) parked.push(state);
      expect(parked).toMatchObject([
        { key: 'refund/default///R-5', reason: 'refund R-5: not final after 14 days' },
      ]);
    });
    expect(await tracker.retry('refund/default///R-5')).toBe(true);
    await eventually(async () => expect(await sandbox.queue().getDelayedCount()).toBe(1));
  });
});

describeWithRedis('OrderTracker.trackRefund, for a refund that is parked', () => {
  it('rejects, and names the key to retry', async () => {
    const { tracker } = await sandbox.start({
      handlerAttempts: 1,
      onTold() {
        throw new Error('Broken.');
      },
    });
    refund('R-16');
    sandbox.gateway.refunds.settle('R-16');
    await tracker.trackRefund({ outRefundNo: 'R-16' });
    await (await jobOf('R-16')).promote();
    await eventually(async () => expect(await sandbox.queue().getFailedCount()).toBe(1));

    const failure = await failureOf(OrderTrackingError, tracker.trackRefund({ outRefundNo: 'R-16' }));

    expect(failure.retryable).toBe(false);
    expect(failure.message).toBe(
      'Refund R-16 is parked. Remove the cause, then call OrderTracker.retry("refund/default///R-16").',
    );
  });
});

describeWithRedis('OrderTracker.confirmRefund', () => {
  it('makes the job ask now, which then tells the status, and is false from then on', async () => {
    const { tracker, refunds } = await sandbox.start();
    refund('R-17');
    sandbox.gateway.refunds.settle('R-17');
    await tracker.trackRefund({ outRefundNo: 'R-17' });

    expect(await tracker.confirmRefund({ outRefundNo: 'R-17' })).toBe(true);

    await eventually(() => expect(refunds).toMatchObject([{ status: 'SUCCESS' }]));
    expect(await tracker.confirmRefund({ outRefundNo: 'R-17' })).toBe(false);
  });

  it('is false for a refund that is not tracked, and for an order with its number', async () => {
    const { tracker } = await sandbox.start({ worker: false });
    await tracker.track(orderOf('R-18', { ageMs: 0 }));

    expect(await tracker.confirmRefund({ outRefundNo: 'R-18' })).toBe(false);
  });

  it('rejects when the query under way does not end soon', async () => {
    const { tracker } = await sandbox.start({ trackTimeoutMs: 1_000 });
    refund('R-19');
    await tracker.trackRefund({ outRefundNo: 'R-19' });
    sandbox.gateway.next({ when: { operation: 'refund.query' }, delayMs: 2_000 });
    await (await jobOf('R-19')).promote();
    await eventually(async () => expect(await sandbox.queue().getActiveCount()).toBe(1));

    const failure = await failureOf(OrderTrackingError, tracker.confirmRefund({ outRefundNo: 'R-19' }));

    expect(failure.message).toBe('A step of refund R-19 did not end within 800 ms. Call again later.');
  });
});
