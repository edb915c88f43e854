import { expect, it } from '@jest/globals';
import { Worker } from 'bullmq';
import { WXPAY_CHANNELS, type LostCompletionEvent } from 'nestjs-wxpay';
import type { OrderSettledEvent, RefundSettledEvent } from 'nestjs-wxpay/bullmq';
import { eventually } from '../../support/assertions/eventually.js';
import { recordEvents } from '../../support/harness/recorded-events.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();
const lost = recordEvents<LostCompletionEvent>(WXPAY_CHANNELS.lostCompletion);

describeWithRedis('a job that something else completes', () => {
  it('is put back, and its outcome is told', async () => {
    const { tracker } = await sandbox.start({ worker: false });
    sandbox.gateway.orders.create({ outTradeNo: 'LOST-1', amount: { total: 1 } });
    sandbox.gateway.orders.pay('LOST-1');
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
    let release = (): void => undefined;
    const isBusy = new Promise<void>((resolve) => (release = resolve));
    const onTold = async ({ key }: OrderSettledEvent | RefundSettledEvent): Promise<void> => {
      if (key.includes('BUSY')) await isBusy;
    };
    const { told, tracker } = await sandbox.start({ concurrency: 1, onTold });
    for (const outTradeNo of ['LOST-BUSY', 'LOST-2']) {
      sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
      sandbox.gateway.orders.pay(outTradeNo);
      await tracker.track(orderOf(outTradeNo));
    }
    const queue = sandbox.queue();
    await eventually(async () => expect(await queue.getActiveCount()).toBe(1));
    const thief = new Worker(queue.name, undefined, queue.opts);
    sandbox.closeLater(thief);

    const stolen = await thief.getNextJob('thief', { block: false });
    await stolen?.moveToCompleted(undefined, 'thief', false);
    await eventually(() => expect(lost).toEqual([{ merchant: 'default', jobId: 'd-LOST-2' }]));
    release();

    await eventually(() => expect(told.map(({ orderKey }) => orderKey)).toContain('default///LOST-2'));
  });
});
