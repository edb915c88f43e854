import { expect, it } from '@jest/globals';
import { eventually } from '../../support/assertions/eventually.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();

describeWithRedis('a process that lost a job to another one', () => {
  it('writes nothing over the outcome that the other one saved', async () => {
    const { tracker, told } = await sandbox.start();
    sandbox.gateway.orders.create({ outTradeNo: 'LOCK-1', amount: { total: 1 } });
    sandbox.gateway.next({ when: { outTradeNo: 'LOCK-1' }, delayMs: 500 });
    await tracker.track(orderOf('LOCK-1'));
    await eventually(() => expect(sandbox.gateway.requests.at(-1)).toMatchObject({ outTradeNo: 'LOCK-1' }));
    const job = await sandbox.queue().getJob('d-LOCK-1');
    const [lock] = await sandbox.redis.client.keys(`${sandbox.redis.prefix}*:d-LOCK-1:lock`);

    await sandbox.redis.client.set(String(lock), 'of another process', 'PX', 1_000);
    await job?.updateData({ ...job.data, out: 'closed' });

    await eventually(async () => expect(await sandbox.redis.client.exists(String(lock))).toBe(0), 10_000);
    expect((await sandbox.queue().getJob('d-LOCK-1'))?.data).toMatchObject({ out: 'closed' });
    expect(told).toEqual([]);
  });
});
