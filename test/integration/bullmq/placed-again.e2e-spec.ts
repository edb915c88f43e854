import { expect, it } from '@jest/globals';
import { OrderTrackingError } from 'nestjs-wxpay/bullmq';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();
const MINUTE_MS = 60_000;

describeWithRedis('OrderTracker.track, for a number that is placed again', () => {
  it('tracks the order again after its outcome "not-found" was told', async () => {
    const { tracker, told } = await sandbox.start();
    await tracker.track(orderOf('AGAIN-1', { livesMs: MINUTE_MS }));
    await eventually(async () => expect(await sandbox.queue().getCompletedCount()).toBe(1));
    sandbox.gateway.orders.create({ outTradeNo: 'AGAIN-1', amount: { total: 1 } });
    sandbox.gateway.orders.pay('AGAIN-1');

    await tracker.track(orderOf('AGAIN-1', { ageMs: MINUTE_MS }));

    await eventually(() => expect(told).toMatchObject([{ outcome: 'not-found' }, { outcome: 'paid' }]));
  });

  it('tracks the order again after its outcome "reverse-required" was told', async () => {
    const { tracker, told } = await sandbox.start();
    sandbox.gateway.orders.create({ outTradeNo: 'AGAIN-2', amount: { total: 1 }, tradeType: 'MICROPAY' });
    await tracker.track(orderOf('AGAIN-2', { livesMs: MINUTE_MS }));
    await eventually(async () => expect(await sandbox.queue().getCompletedCount()).toBe(1));
    sandbox.gateway.orders.pay('AGAIN-2');

    await tracker.track(orderOf('AGAIN-2', { ageMs: MINUTE_MS }));

    await eventually(() =>
      expect(told).toMatchObject([{ outcome: 'reverse-required' }, { outcome: 'paid' }]),
    );
  });

  it('takes over the times of the later placing while the earlier one is open', async () => {
    const { tracker } = await sandbox.start({ worker: false });
    const [first, second] = [
      orderOf('LATER-1', { ageMs: 10 * MINUTE_MS, livesMs: 15 * MINUTE_MS }),
      orderOf('LATER-1', { ageMs: 0, livesMs: 15 * MINUTE_MS }),
    ];
    await tracker.track(first);

    await tracker.track(second);
    await tracker.track(first);

    const jobs = await sandbox.queue().getJobs();
    expect(jobs.map(({ data }) => data)).toMatchObject([
      { at: second.createdAt.getTime(), exp: second.expiresAt.getTime() },
    ]);
  });

  it('waits for the step under way, and then takes over the times', async () => {
    const { tracker } = await sandbox.start();
    sandbox.gateway.orders.create({ outTradeNo: 'LATER-2', amount: { total: 1 } });
    sandbox.gateway.next({ when: { outTradeNo: 'LATER-2' }, delayMs: 300 });
    const second = orderOf('LATER-2', { ageMs: 1_000 });
    await tracker.track(orderOf('LATER-2'));
    await eventually(async () => expect(await sandbox.queue().getActiveCount()).toBe(1));

    await tracker.track(second);

    expect((await sandbox.queue().getJob('d-LATER-2'))?.data).toMatchObject({
      at: second.createdAt.getTime(),
    });
  });

  it('rejects while the outcome of the earlier placing is told', async () => {
    let release = (): void => {};
    const handled = new Promise<void>((resolve) => (release = resolve));
    const { tracker } = await sandbox.start({ onTold: () => handled, trackTimeoutMs: 500 });
    await tracker.track(orderOf('LATER-3', { livesMs: MINUTE_MS }));
    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'LATER-3' })).toMatchObject({ phase: 'telling' }),
    );

    const failure = await failureOf(OrderTrackingError, tracker.track(orderOf('LATER-3', { ageMs: 0 })));

    release();
    expect(failure.retryable).toBe(true);
    expect(failure.message).toMatch(
      /^A step of order LATER-3 did not end within \d+ ms\. Call again later\.$/,
    );
  });

  it('rejects for an order that is parked, and names the key to retry', async () => {
    const { tracker } = await sandbox.start({
      handlerAttempts: 1,
      onTold() {
        throw new Error('Broken.');
      },
    });
    const order = orderOf('PARKED-9', { livesMs: MINUTE_MS });
    await tracker.track(order);
    await eventually(async () => expect(await sandbox.queue().getFailedCount()).toBe(1));

    const failure = await failureOf(OrderTrackingError, tracker.track(order));

    expect(failure.retryable).toBe(false);
    expect(failure.message).toBe(
      'Order PARKED-9 is parked. Remove the cause, then call OrderTracker.retry("default///PARKED-9").',
    );
  });
});
