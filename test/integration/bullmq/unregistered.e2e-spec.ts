import { expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { WxPayMerchants } from 'nestjs-wxpay';
import type { OrderTracker, TrackedState } from 'nestjs-wxpay/bullmq';
import { ErrorLog } from '../../../lib/bullmq/error-log.js';
import { KnownMerchants, type MerchantJobData } from '../../../lib/bullmq/known-merchants.js';
import { OpenQueue } from '../../../lib/bullmq/open-queue.js';
import { eventually } from '../../support/assertions/eventually.js';
import { orderOf, useTracking, type TrackingApp } from '../../support/harness/tracking-app.js';
import { describeWithOwnRedis, describeWithRedis, RedisServer } from '../../support/servers/redis.js';

const sandbox = useTracking();

/** Registers a second merchant, as an app does with tenants of its database. */
function register({ app }: TrackingApp, name: string): void {
  app.get(WxPayMerchants).register(name, sandbox.gateway.options({ sharedMchid: true }));
}

async function parkedOf(tracker: OrderTracker): Promise<readonly TrackedState[]> {
  const states: TrackedState[] = [];
  for await (const state of tracker.parked()) states.push(state);
  return states;
}

/** Leaves the order `<number>-1` parked in the queue of a merchant, and one that is not due yet, as an app does that has it registered. */
async function leaveOrdersOf(merchant: string, number: string): Promise<void> {
  const before = await sandbox.start({
    handlerAttempts: 1,
    onTold: () => {
      throw new Error('The shop is closed.');
    },
  });
  register(before, merchant);
  sandbox.gateway.orders.create({ outTradeNo: `${number}-1`, amount: { total: 1 } });
  sandbox.gateway.orders.pay(`${number}-1`);
  await before.tracker.track({ ...orderOf(`${number}-1`), merchant });
  await before.tracker.track({ ...orderOf(`${number}-2`, { ageMs: 0 }), merchant });
  await eventually(async () => expect(await parkedOf(before.tracker)).toHaveLength(1));
  await before.app.close();
}

describeWithRedis('after a restart without a merchant', () => {
  it('lists its parked orders, which can be retried, and are told once the merchant is back', async () => {
    await leaveOrdersOf('left', 'PARKED');

    const { tracker } = await sandbox.start();
    const key = 'left///PARKED-1';

    expect(await parkedOf(tracker)).toMatchObject([{ key, merchant: 'left', phase: 'parked' }]);
    expect(await tracker.retry(key)).toBe(true);
    expect(await parkedOf(tracker)).toEqual([]);

    const back = await sandbox.start();
    register(back, 'left');
    await eventually(() => expect(back.told).toMatchObject([{ merchant: 'left', outcome: 'paid' }]));
  });

  it('warns of its orders, and of no registered merchant', async () => {
    const lines: string[] = [];
    const note = (line: unknown): void => void lines.push(String(line));
    await leaveOrdersOf('left', 'LEFT');

    const after = await sandbox.start({
      stalledAfterMs: 1_000,
      logger: { log: () => undefined, warn: note, error: note },
    });
    await after.tracker.track(orderOf('LEFT-3', { ageMs: 0 }));

    await eventually(() => expect(lines).toHaveLength(1), 5_000);
    expect(lines[0]).toMatch(
      /^Redis has orders or refunds of merchants that are not registered in this process: "left" \(2\)\. .* Register the merchants again/,
    );
  });
});

describeWithRedis('the list of merchants', () => {
  it.each([
    ['is complete again soon after Redis lost its data', 0, ['one']],
    ['is written once in a while for each merchant', 60_000, []],
  ])('%s', async (_, repeatMs, expected) => {
    const { connection, prefix } = sandbox.queue().opts;
    const log = new ErrorLog(new Logger());
    const list = new OpenQueue<MerchantJobData>(
      'merchants',
      { connection, prefix: prefix ?? '' },
      { part: { subject: 'The list' }, log },
    );
    sandbox.closeLater(list);
    const known = new KnownMerchants(list, repeatMs);
    await known.add('one');
    await list.queue.obliterate();

    await known.add('one');

    expect(await known.names()).toEqual(expected);
  });
});

describeWithOwnRedis('listing what is parked', () => {
  it('keeps no connection to the queues of merchants that it only read', async () => {
    const server = await RedisServer.start();
    sandbox.closeLater({ close: () => server.stop() });
    const web = await sandbox.start({ worker: false, connection: { url: server.url } });
    for (const name of ['one', 'two', 'three']) register(web, name);
    await web.tracker.track(orderOf('LISTED-1'));
    const redis = new Redis(server.url);
    sandbox.closeLater({ close: () => redis.quit() });
    const connections = async (): Promise<number> =>
      String(await redis.client('LIST'))
        .split('\n')
        .filter(Boolean).length;
    const before = await connections();

    await parkedOf(web.tracker);

    await eventually(async () => expect(await connections()).toBe(before));
  });
});
