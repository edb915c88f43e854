import { expect, it } from '@jest/globals';
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
  it('are at most 300 bytes of what the job needs, without anything personal', async () => {
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

  it('are not more for a refund', async () => {
    let data: unknown;
    const outRefundNo = 'R'.repeat(64);
    const { tracker, refunds } = await sandbox.start({
      async onTold() {
        const job = await sandbox.queue().getJob(`r-${outRefundNo}`);
        data = job?.data;
      },
    });
    sandbox.gateway.orders.create({ outTradeNo: LONGEST.outTradeNo, amount: { total: 100_000_000 } });
    sandbox.gateway.orders.pay(LONGEST.outTradeNo, { openid: OPENID });
    sandbox.gateway.refunds.create({
      outRefundNo,
      outTradeNo: LONGEST.outTradeNo,
      amount: { refund: 99_999_999 },
    });
    sandbox.gateway.refunds.settle(outRefundNo);
    await tracker.trackRefund({ outRefundNo });

    await sandbox
      .queue()
      .getJob(`r-${outRefundNo}`)
      .then((job) => job?.promote());

    await eventually(() => expect(refunds).toHaveLength(1));
    expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThanOrEqual(300);
    expect(JSON.stringify(data)).not.toContain(OPENID);
  });

  it('come with no options but the delay and the calls of the handler', async () => {
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
