import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../../support/assertions/eventually.js';
import { KilledWorkers } from '../../support/harness/killed-workers.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();
const KILLS = 3;
/** A process starts in a second or two, and takes the job over after one to two more; on a busy machine after twenty. */
const TAKEOVER_MS = 60_000;

describeWithRedis(`an order whose process is killed ${KILLS} times while the handler hangs`, () => {
  let workers: KilledWorkers;

  beforeAll(async () => {
    const { signer: _signer, ...merchant } = sandbox.gateway.optionsV2();
    workers = await KilledWorkers.build({
      merchant: { ...merchant, key: sandbox.gateway.keys.apiV2Key },
      tracking: {
        connection: { url: sandbox.redis.url },
        prefix: sandbox.queue().opts.prefix,
        stalledAfterMs: 1_000,
      },
      hangingCalls: KILLS,
    });
  }, 60_000);
  afterAll(() => workers.stop());

  it('is delivered by the next process and never parked', async () => {
    const { tracker } = await sandbox.start({ worker: false });
    sandbox.gateway.orders.create({ outTradeNo: 'STALLED-1', amount: { total: 1 } });
    sandbox.gateway.orders.pay('STALLED-1');
    await tracker.track(orderOf('STALLED-1'));

    workers.start();
    for (let calls = 1; calls <= KILLS; calls++) {
      await eventually(() => expect(workers.calls).toHaveLength(calls), TAKEOVER_MS);
      await workers.kill(0);
    }

    const key = 'default///STALLED-1/paid';
    await eventually(() => expect(workers.told).toEqual([key]), TAKEOVER_MS);
    expect(workers.calls).toEqual([key, key, key, key]);
    await eventually(async () => expect(await sandbox.queue().getCompletedCount()).toBe(1));
    expect(await sandbox.queue().getFailedCount()).toBe(0);
  }, 300_000);
});
