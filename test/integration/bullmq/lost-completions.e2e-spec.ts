import { expect, it } from '@jest/globals';
import { Worker } from 'bullmq';
import { WXPAY_CHANNELS, type LostCompletionEvent } from 'nestjs-wxpay';
import type { OrderSettledEvent, RefundSettledEvent } from 'nestjs-wxpay/bullmq';
import { eventually } from '../../support/assertions/eventually.js';
import { recordEvents } from '../../support/harness/recorded-events.js';
import {
  orderOf,
  useTracking,
  type TrackingApp,
  type TrackingSettings,
} from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();
const lost = recordEvents<LostCompletionEvent>(WXPAY_CHANNELS.lostCompletion);

describeWithRedis('a job that something else completes', () => {
  it('is put back, and its outcome is delivered', async () => {
    const { tracker } = await sandbox.start({ worker: false });
    pay('LOST-1');
    const queue = sandbox.queue();
    const thief = new Worker(queue.name, () => Promise.resolve(), queue.opts);
    await tracker.track(orderOf('LOST-1'));
    await eventually(async () => expect(await queue.getCompletedCount()).toBe(1));
    await thief.close();

    const [one, two] = [await sandbox.start(), await sandbox.start()];

    await eventually(() => expect([...one.told, ...two.told]).toMatchObject([{ outcome: 'paid' }]));
    await eventually(async () =>
      expect((await queue.getJob('d-LOST-1'))?.returnvalue).toEqual({ settled: 'paid' }),
    );
    expect(lost).toEqual([{ merchant: 'default', jobId: 'd-LOST-1' }]);
  });

  it('is put back for an hour, as long as completed jobs are kept', async () => {
    const { tracker } = await sandbox.start({ worker: false });
    const queue = sandbox.queue();
    const thief = new Worker(queue.name, () => Promise.resolve(), queue.opts);
    for (const outTradeNo of ['OLD-1', 'RECENT-1']) await tracker.track(orderOf(outTradeNo));
    await eventually(async () => expect(await queue.getCompletedCount()).toBe(2));
    await thief.close();
    const events = queue.toKey('events');
    await sandbox.redis.client.del(events);
    for (const [outTradeNo, minutes] of [
      ['OLD-1', 70],
      ['RECENT-1', 50],
    ] as const) {
      const id = `${Date.now() - minutes * 60_000}-0`;
      const fields = ['event', 'completed', 'jobId', `d-${outTradeNo}`, 'returnvalue', 'null'];
      await sandbox.redis.client.xadd(events, id, ...fields);
    }

    await sandbox.start();

    await eventually(() => expect(lost).toEqual([{ merchant: 'default', jobId: 'd-RECENT-1' }]));
    expect(await (await queue.getJob('d-OLD-1'))?.isCompleted()).toBe(true);
  });

  it('is put back while the app runs, too', async () => {
    const { told, tracker, release } = await startBusy('BUSY-1');
    pay('LOST-2');
    await tracker.track(orderOf('LOST-2'));
    const queue = sandbox.queue();
    const thief = new Worker(queue.name, undefined, queue.opts);
    sandbox.closeLater(thief);

    await steal(thief);
    await eventually(() => expect(lost).toEqual([{ merchant: 'default', jobId: 'd-LOST-2' }]));
    release();

    await eventually(() => expect(told.map(({ orderKey }) => orderKey)).toContain('default///LOST-2'));
  });

  it('is logged as an error if it is also removed while the worker runs, but not if before its start', async () => {
    const lines: string[] = [];
    const note = (line: unknown): void => void lines.push(String(line));
    const queue = sandbox.queue();
    const thief = new Worker(queue.name, undefined, { ...queue.opts, removeOnComplete: { count: 0 } });
    sandbox.closeLater(thief);
    const web = await sandbox.start({ worker: false });
    await web.tracker.track(orderOf('LOST-3'));
    await steal(thief);

    const { release } = await startBusy('BUSY-2', {
      logger: { log: () => undefined, warn: note, error: note },
    });
    await web.tracker.track(orderOf('LOST-4'));
    await steal(thief);

    await eventually(() => expect(lines).toHaveLength(1));
    release();
    expect(lines[0]).toBe(
      '[default] Job d-LOST-4 of queue wxpay-orders-default was completed and removed by something other than this module: its order is tracked no longer. Track it again, and check for other workers on the queue.',
    );
    expect(await queue.getJobs()).toMatchObject([{ id: 'd-BUSY-2' }]);
    expect(lost).toEqual([]);
  });
});

/** Starts an app whose only place for a step is taken until it is released, so that another worker gets the next jobs. */
async function startBusy(
  number: string,
  settings: TrackingSettings = {},
): Promise<TrackingApp & { readonly release: () => void }> {
  let release = (): void => undefined;
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  const onTold = async ({ key }: OrderSettledEvent | RefundSettledEvent): Promise<void> => {
    if (key.includes(number)) await isReleased;
  };
  const app = await sandbox.start({ ...settings, concurrency: 1, onTold });
  pay(number);
  await app.tracker.track(orderOf(number));
  await eventually(async () => expect(await sandbox.queue().getActiveCount()).toBe(1));
  return { ...app, release };
}

/** Completes the next job as a worker does that is not of this module. */
async function steal(thief: Worker): Promise<void> {
  const stolen = await thief.getNextJob('thief', { block: false });
  if (stolen === undefined) throw new Error('There is no job to steal.');
  await stolen.moveToCompleted(undefined, 'thief', false);
}

/** Pays an order at the gateway. */
function pay(outTradeNo: string): void {
  sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
  sandbox.gateway.orders.pay(outTradeNo);
}
