import { expect, it } from '@jest/globals';
import { Cluster } from 'ioredis';
import { OrderTrackingError } from 'nestjs-wxpay/bullmq';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithOwnRedis, RedisServer } from '../../support/servers/redis.js';

const sandbox = useTracking();

/** Starts a cluster of one node, which refuses commands whose keys are in several slots, as all clusters do. */
async function startCluster(): Promise<string> {
  const server = await RedisServer.startCluster();
  sandbox.closeLater({ close: () => server.stop() });
  return server.url;
}

describeWithOwnRedis('tracking on Redis Cluster', () => {
  it('delivers outcomes with a hash tag in the prefix', async () => {
    const connection = new Cluster([await startCluster()], { redisOptions: { maxRetriesPerRequest: null } });
    sandbox.closeLater({ close: () => Promise.resolve(connection.disconnect()) });
    const { tracker, told } = await sandbox.start({ connection, prefix: '{wxpay}' });
    sandbox.gateway.orders.create({ outTradeNo: 'SLOT-1', amount: { total: 1 } });

    await tracker.track(orderOf('SLOT-1'));
    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'SLOT-1' })).toMatchObject({ checks: 1 }),
    );
    sandbox.gateway.orders.pay('SLOT-1');
    await tracker.confirm({ outTradeNo: 'SLOT-1' });

    await eventually(() => expect(told).toMatchObject([{ key: 'default///SLOT-1/paid' }]));
    const keys = await Promise.all(connection.nodes('master').map((node) => node.keys('*')));
    expect(keys.flat().filter((key) => !key.startsWith('{wxpay}:'))).toEqual([]);
  });

  it('rejects what is tracked without a hash tag', async () => {
    const url = await startCluster();
    const { tracker } = await sandbox.start({ connection: { url }, worker: false, prefix: 'wxpay' });

    const failure = await failureOf(OrderTrackingError, tracker.track(orderOf('SLOT-2')));

    expect(failure.cause).toMatchObject({ message: expect.stringContaining('CROSSSLOT') });
  });
});
