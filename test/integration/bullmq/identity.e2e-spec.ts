import { expect, it } from '@jest/globals';
import { WxPayConfigError, WxPayInputError, WxPayMerchants } from 'nestjs-wxpay';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();

describeWithRedis('an order that is tracked', () => {
  it('gets one job, however often and by however many apps it is tracked', async () => {
    const [one, two] = [await sandbox.start({ worker: false }), await sandbox.start({ worker: false })];

    const order = orderOf('TWICE-1');
    await Promise.all([one, two, one, two].map(({ tracker }) => tracker.track(order)));

    expect(await sandbox.queue().getJobCounts()).toMatchObject({ waiting: 1, delayed: 0 });
  });

  it('delivers nothing again when it is tracked again within the hour', async () => {
    const { tracker, told } = await sandbox.start();
    sandbox.gateway.orders.create({ outTradeNo: 'AGAIN-1', amount: { total: 1 } });
    sandbox.gateway.orders.pay('AGAIN-1');
    await tracker.track(orderOf('AGAIN-1'));
    await eventually(async () => expect(await sandbox.queue().getCompletedCount()).toBe(1));

    await tracker.track(orderOf('AGAIN-1'));

    expect(await sandbox.queue().getJobCounts()).toMatchObject({ completed: 1, waiting: 0, delayed: 0 });
    expect(told).toHaveLength(1);
  });

  it('delivers its outcome again under the same key when it is tracked again after its job was removed', async () => {
    const { tracker, told } = await sandbox.start();
    sandbox.gateway.orders.create({ outTradeNo: 'FORGOT-1', amount: { total: 1 } });
    sandbox.gateway.orders.pay('FORGOT-1');
    await tracker.track(orderOf('FORGOT-1'));
    await eventually(async () => expect(await sandbox.queue().getCompletedCount()).toBe(1));
    await sandbox.queue().clean(0, 10, 'completed');

    await tracker.track(orderOf('FORGOT-1'));

    await eventually(() => expect(told).toHaveLength(2));
    expect(told[1]).toEqual(told[0]);
  });

  it('gets another job than orders of sub-merchants with the same number', async () => {
    const { tracker, told } = await sandbox.start();
    for (const subMchid of [undefined, '1900000109', '1900000110']) {
      sandbox.gateway.orders.create({
        outTradeNo: '2026',
        amount: { total: 1 },
        ...(subMchid && { subMchid }),
      });
      sandbox.gateway.orders.pay({ outTradeNo: '2026', subMchid });
    }
    sandbox.gateway.orders.create({ outTradeNo: '1900000109-2026', amount: { total: 1 } });
    sandbox.gateway.orders.pay('1900000109-2026');

    await tracker.track(orderOf('2026'));
    await tracker.track(orderOf('2026', { subMchid: '1900000109' }));
    await tracker.track(orderOf('2026', { subMchid: '1900000110' }));
    await tracker.track(orderOf('1900000109-2026'));

    await eventually(() => expect(told).toHaveLength(4));
    expect(told.map(({ key }) => key).toSorted()).toEqual([
      'default///1900000109-2026/paid',
      'default///2026/paid',
      'default//1900000109/2026/paid',
      'default//1900000110/2026/paid',
    ]);
  });

  it('goes to the queue of its merchant, whatever characters its name has', async () => {
    const { app, tracker } = await sandbox.start({ worker: false });
    const options = sandbox.gateway.options({ sharedMchid: true });
    for (const name of ['eu:1', 'a/b {c}', '商户']) app.get(WxPayMerchants).register(name, options);

    for (const merchant of ['eu:1', 'a/b {c}', '商户']) {
      await tracker.track({ ...orderOf('NAMED-1'), merchant });
    }

    for (const name of ['eu%3A1', 'a%2Fb%20%7Bc%7D', '%E5%95%86%E6%88%B7']) {
      expect(await sandbox.queue(`wxpay-orders-${name}`).getWaitingCount()).toBe(1);
    }
  });

  it('is found by the null columns of a row of a table', async () => {
    const { tracker } = await sandbox.start({ worker: false });
    // Sound: what a row of a table may contain.
    const row = { outTradeNo: 'NULL-1', subMchid: null } as unknown as { outTradeNo: string };
    await tracker.track({ ...orderOf('NULL-1', { ageMs: 0 }), ref: row });

    expect(await tracker.peek(row)).toMatchObject({ ref: { outTradeNo: 'NULL-1' } });
    expect(await tracker.confirm(row)).toBe(true);
    expect(await tracker.cancel(row)).toBe(true);
  });

  it('is refused before anything is sent if it is malformed', async () => {
    const { tracker } = await sandbox.start({ worker: false });

    const failure = await failureOf(WxPayInputError, tracker.track(orderOf('no:colons')));

    expect(failure.message).toContain('outTradeNo');
  });

  it('is refused for a merchant that is not registered', async () => {
    const { tracker } = await sandbox.start({ worker: false });

    const failure = await failureOf(WxPayConfigError, tracker.track({ ...orderOf('T1'), merchant: 'us' }));

    expect(failure.message).toContain('"us"');
  });
});
