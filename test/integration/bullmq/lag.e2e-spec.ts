import { expect, it } from '@jest/globals';
import { WxPayConfigError, WxPayMerchants } from 'nestjs-wxpay';
import type { OrderTracker } from 'nestjs-wxpay/bullmq';
import { failureOf } from '../../support/assertions/failure-of.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();
const HOUR_MS = 3_600_000;
/** Time that a test may take between two looks at the clock. */
const SLACK_MS = 5_000;

/** An app without workers: everything that is due stays overdue. */
const startTracker = async (): Promise<OrderTracker> => (await sandbox.start({ worker: false })).tracker;

/** Data of an order's job whose first query was due an hour ago. */
const overdueJob = (no: string) => ({
  v: 1,
  no,
  at: Date.now() - HOUR_MS - 5_000,
  exp: Date.now() + HOUR_MS,
});

async function expectAnHour(tracker: OrderTracker): Promise<void> {
  const lag = await tracker.lag();
  expect(lag).toBeGreaterThanOrEqual(HOUR_MS);
  expect(lag).toBeLessThan(HOUR_MS + SLACK_MS);
}

describeWithRedis('OrderTracker.lag', () => {
  it('returns 0 while nothing is tracked, and while the first query is not due', async () => {
    const tracker = await startTracker();
    expect(await tracker.lag()).toBe(0);

    await tracker.track(orderOf('LAG-1', { ageMs: 0 }));

    expect(await tracker.lag()).toBe(0);
  });

  it('returns the lateness of an order that was due when it was tracked', async () => {
    const tracker = await startTracker();

    await tracker.track(orderOf('LAG-2', { ageMs: HOUR_MS + 5_000, livesMs: 2 * HOUR_MS }));
    await tracker.track(orderOf('LAG-3', { ageMs: 0 }));

    await expectAnHour(tracker);
  });

  it('returns the lateness of an order that no worker has fetched since it became due', async () => {
    const tracker = await startTracker();

    await sandbox.queue().add('order', overdueJob('LAG-4'), { jobId: 'd-LAG-4', delay: 1 });

    await expectAnHour(tracker);
  });

  it('returns the lateness of a settlement, from the expiry on', async () => {
    const tracker = await startTracker();

    await tracker.track(orderOf('LAG-5', { ageMs: HOUR_MS + 60_000, livesMs: 60_000 }));
    // Its queries were made, so that only the settlement is due.
    const job = await sandbox.queue().getJob('d-LAG-5');
    await job?.updateData({ ...job.data, checks: 3, nb: job.data.exp - 1 });

    await expectAnHour(tracker);
  });

  it('returns the lateness of a refund, from a minute after its request on', async () => {
    const tracker = await startTracker();
    const at = Date.now() - HOUR_MS - 60_000;

    await sandbox.queue().add('refund', { v: 1, rno: 'LAG-6', at }, { jobId: 'r-LAG-6' });

    await expectAnHour(tracker);
  });

  it.each([
    ['an order', { ...overdueJob('LAG-7'), out: 'paid' }],
    ['a refund', { v: 1, rno: 'LAG-7', at: Date.now() - HOUR_MS, out: 'SUCCESS' }],
  ])('ignores %s whose outcome is known and which waits for the handler', async (_, data) => {
    const tracker = await startTracker();

    await sandbox.queue().add('order', data, { jobId: 'd-LAG-7' });

    expect(await tracker.lag()).toBe(0);
  });

  it('returns the lag of one merchant', async () => {
    const { app, tracker } = await sandbox.start({ worker: false });
    app.get(WxPayMerchants).register('other', sandbox.gateway.options({ sharedMchid: true }));

    await sandbox.queue().add('order', overdueJob('LAG-8'), { jobId: 'd-LAG-8' });

    expect(await tracker.lag('other')).toBe(0);
    await expectAnHour(tracker);
    expect((await failureOf(WxPayConfigError, tracker.lag('us'))).message).toContain('"us"');
  });

  it('returns the lateness of the most overdue order, whichever is first in the queue', async () => {
    const tracker = await startTracker();
    const told = { ...overdueJob('LAG-TOLD'), out: 'closed' };
    await sandbox.queue().add('order', told, { jobId: 'd-LAG-TOLD' });
    await tracker.track(orderOf('LAG-YOUNG', { ageMs: 6_000 }));

    await tracker.track(orderOf('LAG-OLD', { ageMs: HOUR_MS + 5_000, livesMs: 2 * HOUR_MS }));

    await expectAnHour(tracker);
  });

  it('returns the lateness of an order behind hundreds that wait for the handler', async () => {
    const tracker = await startTracker();
    const told = Array.from({ length: 250 }, (_, index) => ({
      name: 'order',
      data: { ...overdueJob(`LAG-${1_000 + index}`), out: 'closed' },
      opts: { jobId: `d-LAG-${1_000 + index}` },
    }));
    await sandbox.queue().addBulk(told);

    await sandbox.queue().add('order', overdueJob('LAG-BEHIND'), { jobId: 'd-LAG-BEHIND' });

    await expectAnHour(tracker);
  });
});
