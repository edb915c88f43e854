import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { Queue } from 'bullmq';
import { OrderTrackingError } from 'nestjs-wxpay/bullmq';
import { cancelJob } from '../../../lib/bullmq/hurry-job.js';
import type { OrderQueue } from '../../../lib/bullmq/order-queues.js';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithOwnRedis, describeWithRedis, RedisServer } from '../../support/servers/redis.js';

const sandbox = useTracking();
const jobOf = (no: string) => ({ v: 1 as const, no, at: Date.now(), exp: Date.now() + 3_600_000 });

/** Returns the queue, where something else happens after the first look at a job: other processes use the same Redis. */
function interrupted(queue: Queue, meanwhile: () => Promise<unknown>): OrderQueue {
  let looks = 0;
  return new Proxy(queue, {
    get(target, name) {
      // Sound: the members of a queue are looked up by name only.
      const value: unknown = target[name as keyof Queue];
      if (typeof value !== 'function') return value;
      if (name !== 'getJob') return value.bind(target);
      return async (jobId: string) => {
        const job = await target.getJob(jobId);
        if (looks++ === 0) await meanwhile();
        return job;
      };
    },
  }) as OrderQueue;
}

describeWithRedis('cancelling an order', () => {
  it('keeps an outcome that a step finds in the meantime', async () => {
    const queue = sandbox.queue();
    const job = await queue.add('order', jobOf('RACE-1'), { jobId: 'd-RACE-1', delay: 60_000 });
    const settle = () => job.updateData({ ...jobOf('RACE-1'), out: 'paid' });

    const isCancelled = await cancelJob(
      interrupted(queue, settle),
      { jobId: 'd-RACE-1', mchid: '1900000001' },
      () => false,
      {
        subject: 'order RACE-1',
        timeoutMs: 5_000,
      },
    );

    expect(isCancelled).toBe(false);
    expect((await queue.getJob('d-RACE-1'))?.data).toMatchObject({ out: 'paid' });
  });

  it('removes nothing once the time of the call is over', async () => {
    const queue = sandbox.queue();
    await queue.add('order', jobOf('LATE-1'), { jobId: 'd-LATE-1', delay: 60_000 });
    const away = () => pause(30);

    const failure = await failureOf(
      OrderTrackingError,
      cancelJob(interrupted(queue, away), { jobId: 'd-LATE-1', mchid: '1900000001' }, () => false, {
        subject: 'order LATE-1',
        timeoutMs: 10,
      }),
    );

    expect(failure.message).toBe('The call about order LATE-1 came too late.');
    expect(await queue.getJob('d-LATE-1')).toBeDefined();
  });
});

describeWithOwnRedis('a Redis that hangs', () => {
  it('is sent at most 10,000 calls, and later ones are rejected at once', async () => {
    const server = await RedisServer.start();
    sandbox.closeLater({ close: () => server.stop() });
    const { tracker } = await sandbox.start({
      connection: { url: server.url },
      worker: false,
      trackTimeoutMs: 1_000,
    });
    await eventually(() => tracker.track(orderOf('FIRST')), 20_000);
    server.freeze();

    const order = orderOf('MANY');
    const waiting = Promise.allSettled(Array.from({ length: 10_000 }, () => tracker.track(order)));
    const failure = await failureOf(OrderTrackingError, tracker.track(order));
    await waiting;
    const later = await failureOf(OrderTrackingError, tracker.track(order));
    server.thaw();

    expect(failure).toMatchObject({ retryable: true });
    expect(failure.message).toMatch(
      /^Redis did not receive the call to track order MANY: 10000 calls wait for its answers\./,
    );
    expect(later.message).toBe(failure.message);
    await eventually(() => tracker.track(order), 20_000);
  }, 40_000);
});
