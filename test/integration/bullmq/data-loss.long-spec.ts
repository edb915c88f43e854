import { expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { eventually } from '../../support/assertions/eventually.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithOwnRedis, RedisServer } from '../../support/servers/redis.js';

const sandbox = useTracking();
/** BullMQ connects again, or reads again after an error, within 20 seconds. */
const RECOVERY_MS = 30_000;
const PREFIX = 'data-loss';

/** Starts a Redis of the test's own. */
async function startRedis(
  ...settings: readonly string[]
): Promise<{ server: RedisServer; queue: Queue; client: Redis }> {
  const server = await RedisServer.start(...settings);
  sandbox.closeLater({ close: () => server.stop() });
  const client = new Redis(server.url);
  client.on('error', () => undefined);
  sandbox.closeLater({ close: () => client.quit() });
  const queue = new Queue('wxpay-orders-default', { connection: { url: server.url }, prefix: PREFIX });
  queue.on('error', () => undefined);
  sandbox.closeLater(queue);
  return { server, queue, client };
}

describeWithOwnRedis('tracking, after Redis lost all its data', () => {
  it('takes the orders of the table again, and tells each under the same key', async () => {
    const { server, queue } = await startRedis();
    const { tracker, told } = await sandbox.start({ connection: { url: server.url }, prefix: PREFIX });
    for (const outTradeNo of ['LOSS-1', 'LOSS-2']) {
      sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
    }
    sandbox.gateway.orders.pay('LOSS-1');
    const orders = [orderOf('LOSS-1'), orderOf('LOSS-2')];
    for (const order of orders) await tracker.track(order);
    await eventually(() => expect(told).toHaveLength(1));
    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'LOSS-2' })).toMatchObject({ checks: 1 }),
    );

    await server.kill();
    await server.restart();
    await eventually(async () => expect(await queue.getJobs()).toEqual([]), RECOVERY_MS);
    sandbox.gateway.orders.pay('LOSS-2');
    for (const order of orders) await eventually(() => tracker.track(order), RECOVERY_MS);

    await eventually(() => expect(told).toHaveLength(3), RECOVERY_MS);
    expect(told.map(({ key }) => key).toSorted()).toEqual([
      'default///LOSS-1/paid',
      'default///LOSS-1/paid',
      'default///LOSS-2/paid',
    ]);
  }, 120_000);
});

describeWithOwnRedis('a worker whose Redis is full', () => {
  it('delivers no outcome that it could not save, and delivers each once there is room', async () => {
    const { server, queue, client } = await startRedis('--maxmemory-policy', 'noeviction');
    let isHeld = true;
    let called = '';
    const { tracker, told } = await sandbox.start({
      connection: { url: server.url },
      prefix: PREFIX,
      stalledAfterMs: 1_000,
      // What Redis does not save uses up none.
      handlerAttempts: 1,
      async onTold({ key }) {
        called = key;
        await eventually(() => expect(isHeld).toBe(false), RECOVERY_MS);
      },
    });
    // At the counter: its outcome changes when the customer pays it after all.
    sandbox.gateway.orders.create({ outTradeNo: 'FULL-1', amount: { total: 1 }, tradeType: 'MICROPAY' });
    for (const outTradeNo of ['FULL-2', 'FULL-3']) {
      sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
    }
    sandbox.gateway.orders.pay('FULL-2');
    await tracker.track(orderOf('FULL-2'));
    await eventually(() => expect(called).toBe('default///FULL-2/paid'));
    sandbox.gateway.next({ when: { outTradeNo: 'FULL-1' }, delayMs: 500 });
    await tracker.track(orderOf('FULL-3', { ageMs: 6 * 60_000, livesMs: 6 * 60_000 + 1_000 }));
    await tracker.track(orderOf('FULL-1', { livesMs: 60_000 }));
    const stepOf = () => sandbox.gateway.requests.findLast(({ outTradeNo }) => outTradeNo === 'FULL-1');
    await eventually(() => expect(stepOf()).toBeDefined());

    await server.configure('maxmemory', '1');
    isHeld = false;
    await eventually(() => expect(stepOf()).toMatchObject({ status: 200 }));
    // The step has failed to save the outcome by the time at which it has lost its lock.
    await eventually(async () => expect(await client.exists(queue.toKey('d-FULL-1:lock'))).toBe(0));
    await eventually(() => expect(told.map(({ outcome }) => outcome)).toContain('paid'));
    sandbox.gateway.orders.pay('FULL-1');
    await server.configure('maxmemory', '0');

    await eventually(async () => expect(await queue.getCompletedCount()).toBe(3), RECOVERY_MS);
    expect([...new Set(told.map(({ key }) => key))].toSorted()).toEqual([
      'default///FULL-1/paid',
      'default///FULL-2/paid',
      'default///FULL-3/closed',
    ]);
    expect(await queue.getFailedCount()).toBe(0);
  }, 120_000);

  it('repeats a step that was limited in its rate, and uses up no attempt', async () => {
    const { server, queue, client } = await startRedis('--maxmemory-policy', 'noeviction');
    const { tracker, told } = await sandbox.start({
      connection: { url: server.url },
      prefix: PREFIX,
      stalledAfterMs: 1_000,
      handlerAttempts: 1,
      merchant: { maxAttempts: 1 },
    });
    sandbox.gateway.orders.create({ outTradeNo: 'LIMITED-FULL', amount: { total: 1 } });
    sandbox.gateway.orders.pay('LIMITED-FULL');
    const limit = { status: 429, code: 'FREQUENCY_LIMITED', headers: { 'retry-after': '1' } };
    sandbox.gateway.next({ ...limit, when: { outTradeNo: 'LIMITED-FULL' }, delayMs: 500 });
    await tracker.track(orderOf('LIMITED-FULL'));
    const step = () => sandbox.gateway.requests.find(({ outTradeNo }) => outTradeNo === 'LIMITED-FULL');
    await eventually(() => expect(step()).toBeDefined());

    await server.configure('maxmemory', '1');
    await eventually(() => expect(step()).toMatchObject({ status: 429 }));
    await eventually(async () => expect(await client.exists(queue.toKey('d-LIMITED-FULL:lock'))).toBe(0));
    await server.configure('maxmemory', '0');

    await eventually(() => expect(told).toMatchObject([{ outcome: 'paid' }]), RECOVERY_MS);
    expect(await queue.getFailedCount()).toBe(0);
  }, 120_000);
});
