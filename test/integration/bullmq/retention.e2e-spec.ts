import { expect, it } from '@jest/globals';
import { eventually } from '../../support/assertions/eventually.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();
const HOUR_MS = 3_600_000;

describeWithRedis('a completed job', () => {
  it('expires an hour later, when another one completes', async () => {
    const { tracker } = await sandbox.start();
    const queue = sandbox.queue();
    const complete = async (outTradeNo: string, agoMs: number): Promise<void> => {
      sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
      sandbox.gateway.orders.pay(outTradeNo);
      await tracker.track(orderOf(outTradeNo));
      const job = await queue.getJob(`d-${outTradeNo}`);
      await eventually(async () => expect(await job?.isCompleted()).toBe(true));
      // The time of the completion, in the set of completed jobs.
      await sandbox.redis.client.zadd(queue.toKey('completed'), Date.now() - agoMs, `d-${outTradeNo}`);
    };

    await complete('AGED-1', HOUR_MS + 1_000);
    await complete('AGED-2', HOUR_MS - 60_000);
    await complete('AGED-3', 0);

    expect((await queue.getCompleted()).map(({ id = '' }) => id).toSorted()).toEqual([
      'd-AGED-2',
      'd-AGED-3',
    ]);
    expect(await queue.getJob('d-AGED-1')).toBeUndefined();
  });
});
