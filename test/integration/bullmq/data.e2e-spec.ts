import { expect, it } from '@jest/globals';
import type { Job } from 'bullmq';
import { eventually } from '../../support/assertions/eventually.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();
/** The longest numbers in use: 32 characters for orders, 10 for merchants, 18 for appids, 28 for WeChat's numbers. */
const LONGEST = {
  outTradeNo: '2026112923595912345678901234567A',
  subMchid: '1900000109',
  subAppid: 'wxabcdefabcdefabcd',
};
const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';

describeWithRedis('the data of a job', () => {
  it('take at most 300 bytes and contain nothing personal', async () => {
    let data: unknown;
    const { tracker } = await sandbox.start({
      async onTold() {
        const job = await sandbox.queue().getJob(`p-1900000109-${LONGEST.outTradeNo}`);
        data = job?.data;
      },
    });
    sandbox.gateway.orders.create({ ...LONGEST, amount: { total: 100_000_000 }, attach: 'for 张三' });
    sandbox.gateway.orders.pay(LONGEST, { openid: OPENID, transactionId: '4200000000000000000000000001' });
    sandbox.gateway.orders.refund(LONGEST);

    await tracker.track({ ...orderOf('x'), ref: LONGEST });

    await eventually(() => expect(data).toBeDefined());
    expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThanOrEqual(300);
    expect(data).toEqual({
      v: 1,
      no: LONGEST.outTradeNo,
      sub: '1900000109',
      app: 'wxabcdefabcdefabcd',
      at: expect.any(Number),
      exp: expect.any(Number),
      out: 'paid',
      refunded: true,
      mch: '1900000001',
      tx: '4200000000000000000000000001',
      state: 'REFUND',
      paid: expect.any(Number),
      fen: 100_000_000,
    });
  });

  it('stay within the same limit for a refund of a sub-merchant, until its status is delivered', async () => {
    const ref = { outRefundNo: 'R'.repeat(64), subMchid: LONGEST.subMchid, subAppid: LONGEST.subAppid };
    const job = async (): Promise<Job> => {
      const found = await sandbox.queue().getJob(`s-${ref.subMchid}-${ref.outRefundNo}`);
      if (found === undefined) throw new Error('The refund is not tracked.');
      return found;
    };
    const phases: Record<string, object> = {};
    const { tracker, refunds } = await sandbox.start({
      merchant: { maxAttempts: 1 },
      onTold: async () => void (phases['told'] = (await job()).data),
    });
    const order = { ...LONGEST, outTradeNo: '2026112923595912345678901234567B' };
    sandbox.gateway.orders.create({ ...order, amount: { total: 999_999_999 } });
    sandbox.gateway.orders.pay(order, { openid: OPENID });
    sandbox.gateway.refunds.create({ ...order, ...ref, amount: { refund: 999_999_998 } });
    const refuse = (): void => {
      sandbox.gateway.next({ status: 403, code: 'NO_AUTH', when: { operation: 'refund.query' } });
    };

    await tracker.trackRefund(ref);
    phases['tracked'] = (await job()).data;
    // Refused for long, after many queries.
    await (await job()).updateData({ ...phases['tracked'], checks: 600, fault: Date.now() - 3_600_000 });
    refuse();
    await tracker.confirmRefund(ref);
    await eventually(async () => expect(await (await job()).isFailed()).toBe(true));
    phases['parked'] = (await job()).data;
    refuse();
    await tracker.confirmRefund(ref);
    await eventually(async () => expect((await job()).data).toMatchObject({ fails: 2 }));
    phases['refused again'] = (await job()).data;
    sandbox.gateway.refunds.settle(ref);
    await eventually(async () => expect(await tracker.confirmRefund(ref)).toBe(true));
    await eventually(() => expect(refunds).toHaveLength(1));

    expect(phases).toMatchObject({
      tracked: { rno: ref.outRefundNo, sub: ref.subMchid, app: ref.subAppid },
      parked: { checks: 600, fails: 1, park: expect.any(Number) },
      'refused again': { fault: expect.any(Number), park: expect.any(Number), nb: expect.any(Number) },
      told: { out: 'SUCCESS', no: order.outTradeNo, done: expect.any(Number), fen: 999_999_998 },
    });
    const sizes = Object.values(phases).map((data) => Buffer.byteLength(JSON.stringify(data)));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(300);
    expect(JSON.stringify(phases)).not.toContain(OPENID);
  });

  it('carry no options but the delay and the number of calls of the handler', async () => {
    const { tracker } = await sandbox.start({ worker: false });

    await tracker.track(orderOf('OPTIONS-1', { ageMs: 0 }));

    const job = await sandbox.queue().getJob('d-OPTIONS-1');
    expect(job?.opts).toEqual({
      attempts: 12,
      backoff: { type: 'custom' },
      delay: expect.any(Number),
      jobId: 'd-OPTIONS-1',
    });
  });
});
