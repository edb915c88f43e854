import { expect, it } from '@jest/globals';
import { OrderTrackingError, type OrderTracker, type TrackedState } from 'nestjs-wxpay/bullmq';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();
/** An app whose default merchant has another number than that of the gateway. */
const OTHER = { merchant: { mchid: '1900000002' } };
const HOUR_MS = 3_600_000;
const REASON =
  /Order \S+ was tracked for merchant number 1900000001, but "default" is registered as 1900000002 in this process\. Give each app and environment a prefix of its own in Redis, or register 1900000001 again\.$/;

function pay(outTradeNo: string): void {
  sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
  sandbox.gateway.orders.pay(outTradeNo);
}

/** Adds a job of merchant 1900000001 as Redis has it after a while. */
async function addJob(no: string, members: object): Promise<void> {
  const data = { v: 1, no, at: Date.now() - 2 * HOUR_MS, exp: Date.now() - HOUR_MS, mch: '1900000001' };
  await sandbox.queue().add('order', { ...data, ...members }, { jobId: `d-${no}` });
}

async function firstParked(tracker: OrderTracker): Promise<TrackedState | undefined> {
  for await (const state of tracker.parked()) return state;
  return undefined;
}

describeWithRedis('two apps whose merchants of one name have different numbers', () => {
  it('leave the orders of each other alone', async () => {
    const owner = await sandbox.start({ worker: false });
    const other = await sandbox.start(OTHER);
    pay('OTHER-1');
    const requests = sandbox.gateway.requests.length;

    await owner.tracker.track(orderOf('OTHER-1', { livesMs: 60_000 }));

    await eventually(async () =>
      expect(await owner.tracker.peek({ outTradeNo: 'OTHER-1' })).toMatchObject({ failures: 1 }),
    );
    expect(sandbox.gateway.requests).toHaveLength(requests);
    await other.app.close();
    const worker = await sandbox.start();
    expect(await owner.tracker.confirm({ outTradeNo: 'OTHER-1' })).toBe(true);
    await eventually(() => expect(worker.told).toMatchObject([{ outcome: 'paid' }]));
    expect(other.told).toEqual([]);
  });

  it('park an order after half an hour, and say why', async () => {
    const { tracker, told } = await sandbox.start(OTHER);
    const requests = sandbox.gateway.requests.length;

    await addJob('OTHER-2', { fails: 9, fault: Date.now() - HOUR_MS });

    await eventually(async () =>
      expect(await firstParked(tracker)).toMatchObject({
        key: 'default///OTHER-2',
        phase: 'parked',
        reason: expect.stringMatching(REASON),
      }),
    );
    expect(sandbox.gateway.requests).toHaveLength(requests);
    expect(told).toEqual([]);
  });

  it('tell no outcome that the other one has found', async () => {
    const { tracker, told } = await sandbox.start(OTHER);

    await addJob('OTHER-3', { out: 'paid', state: 'SUCCESS' });

    await eventually(async () =>
      expect(await firstParked(tracker)).toMatchObject({
        key: 'default///OTHER-3',
        phase: 'parked',
        outcome: 'paid',
        reason: expect.stringMatching(REASON),
      }),
    );
    expect(told).toEqual([]);
  });

  it('leave the refunds of each other alone', async () => {
    const owner = await sandbox.start({ worker: false });
    const other = await sandbox.start(OTHER);
    await owner.tracker.trackRefund({ outRefundNo: 'OTHER-R' });

    expect(await owner.tracker.confirmRefund({ outRefundNo: 'OTHER-R' })).toBe(true);

    const job = async () => (await sandbox.queue().getJob('r-OTHER-R'))?.data;
    await eventually(async () => expect(await job()).toMatchObject({ mch: '1900000001', fails: 1 }));
    expect(other.refunds).toEqual([]);
  });

  it('reject a number that the other one tracks, until its outcome was told', async () => {
    const owner = await sandbox.start({ worker: false });
    const other = await sandbox.start({ ...OTHER, worker: false });
    const ofOther = [
      () => other.tracker.track(orderOf('OTHER-4')),
      () => other.tracker.trackRefund({ outRefundNo: 'OTHER-4' }),
    ];
    await owner.tracker.track(orderOf('OTHER-4'));
    await owner.tracker.trackRefund({ outRefundNo: 'OTHER-4' });

    const failures = await Promise.all(ofOther.map((track) => failureOf(OrderTrackingError, track())));

    const advice =
      'is tracked for merchant number 1900000001 already. Give each app and environment a prefix of its own in Redis.';
    expect(failures).toMatchObject([
      { retryable: false, message: `Order OTHER-4 ${advice}` },
      { retryable: false, message: `Refund OTHER-4 ${advice}` },
    ]);
    pay('OTHER-4');
    sandbox.gateway.refunds.create({
      outRefundNo: 'OTHER-4',
      outTradeNo: 'OTHER-4',
      amount: { refund: 1 },
    });
    sandbox.gateway.refunds.settle('OTHER-4');
    await sandbox.start();
    await owner.tracker.confirmRefund({ outRefundNo: 'OTHER-4' });
    await eventually(async () => expect(await sandbox.queue().getCompletedCount()).toBe(2));
    await Promise.all(ofOther.map((track) => track()));
    const jobs = await Promise.all(['d-OTHER-4', 'r-OTHER-4'].map((id) => sandbox.queue().getJob(id)));
    expect(jobs.map((job) => job?.data)).toMatchObject([{ mch: '1900000002' }, { mch: '1900000002' }]);
  });

  it('neither confirm nor cancel nor see the orders of each other', async () => {
    const owner = await sandbox.start({ worker: false });
    const other = await sandbox.start({ ...OTHER, worker: false });
    const ref = { outTradeNo: 'OTHER-SEEN' };
    await owner.tracker.track(orderOf('OTHER-SEEN', { ageMs: 0 }));

    expect(await other.tracker.confirm(ref)).toBe(false);
    expect(await other.tracker.cancel(ref)).toBe(false);
    expect(await other.tracker.peek(ref)).toBeUndefined();

    expect(await (await sandbox.queue().getJob('d-OTHER-SEEN'))?.isDelayed()).toBe(true);
    expect(await owner.tracker.cancel(ref)).toBe(true);
  });
});
