import { expect, it } from '@jest/globals';
import { Worker } from 'bullmq';
import { eventually } from '../../support/assertions/eventually.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();

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
  });
});
