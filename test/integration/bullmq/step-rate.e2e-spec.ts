import { expect, it } from '@jest/globals';
import { eventually } from '../../support/assertions/eventually.js';
import { orderOf, useTracking, type TrackingApp } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();
/** Redis counts the period in another command than the one that grants its first step, and rounds both to milliseconds. */
const ROUNDING_MS = 5;

/** Tracks paid orders that are due, before anything works on them. */
async function trackDue(prefix: string, count: number): Promise<void> {
  const { tracker } = await sandbox.start({ worker: false });
  for (let index = 0; index < count; index++) {
    const outTradeNo = `${prefix}-${index}`;
    sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
    sandbox.gateway.orders.pay(outTradeNo);
    await tracker.track(orderOf(outTradeNo));
  }
}

/** Waits until that many orders are told, with a single request for each. */
async function expectTold(prefix: string, count: number, apps: readonly TrackingApp[]): Promise<void> {
  await eventually(() => expect(apps.flatMap(({ told }) => told)).toHaveLength(count), 15_000);
  const requests = sandbox.gateway.requests.filter(({ outTradeNo = '' }) => outTradeNo.startsWith(prefix));
  expect(requests).toHaveLength(count);
}

/**
 * Returns the maximum number of steps that were granted in a period, on the clock of Redis: their requests arrive at the gateway a moment
 * later, on a busy machine at different times. A period of BullMQ begins with its first step.
 */
async function mostStepsIn(periodMs: number): Promise<number> {
  const events = await sandbox.redis.client.xrange(sandbox.queue().toKey('events'), '-', '+');
  const granted = events.filter(([, [, event]]) => event === 'active').map(([id]) => Number.parseInt(id));
  const periods: number[] = [];
  let endsAt = 0;
  for (const time of granted) {
    if (time >= endsAt) {
      endsAt = time + periodMs - ROUNDING_MS;
      periods.push(0);
    }
    periods.push((periods.pop() ?? 0) + 1);
  }
  return Math.max(...periods);
}

describeWithRedis('rateLimit', () => {
  it('bounds the steps of all processes together', async () => {
    await trackDue('RATE', 15);
    const limited = { rateLimit: { max: 5, durationMs: 1_000 } };

    const apps = [await sandbox.start(limited), await sandbox.start(limited)];

    await expectTold('RATE', 15, apps);
    expect(await mostStepsIn(1_000)).toBe(5);
  });

  it('is overridden by setGlobalRateLimit in its number of steps, not in its duration', async () => {
    await trackDue('GLOBAL', 4);
    await sandbox.queue().setGlobalRateLimit(1, 60_000);

    const apps = [await sandbox.start({ rateLimit: { max: 100, durationMs: 500 } })];

    await expectTold('GLOBAL', 4, apps);
    expect(await mostStepsIn(500)).toBe(1);
  });
});
