import { expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { eventually } from '../../support/assertions/eventually.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();

/** Pays an order at the gateway before it is tracked. */
function pay(outTradeNo: string): void {
  sandbox.gateway.orders.create({ outTradeNo, amount: { total: 100 } });
  sandbox.gateway.orders.pay(outTradeNo);
}

const queriesOf = (outTradeNo: string): number =>
  sandbox.gateway.requests.filter((request) => request.outTradeNo === outTradeNo).length;

async function toArray<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describeWithRedis('a handler that throws', () => {
  it('is called again with the same event, and WeChat Pay is not asked again', async () => {
    const failures: unknown[] = [];
    const { tracker, told } = await sandbox.start({
      handlerBackoffMs: 1,
      onTold(event) {
        if (failures.length === 3) return;
        failures.push(event);
        throw new Error('The database is away.');
      },
    });
    pay('FAILS-1');

    await tracker.track(orderOf('FAILS-1'));

    await eventually(() => expect(told).toHaveLength(1));
    expect(failures).toEqual([told[0], told[0], told[0]]);
    expect(queriesOf('FAILS-1')).toBe(1);
  });

  it('finds the outcome saved when it is called', async () => {
    let saved: unknown;
    const { tracker } = await sandbox.start({
      async onTold() {
        const job = await sandbox.queue().getJob('d-SAVED-1');
        saved = job?.data;
      },
    });
    pay('SAVED-1');

    await tracker.track(orderOf('SAVED-1'));

    await eventually(() => expect(saved).toMatchObject({ out: 'paid' }));
  });

  it('parks the order when it keeps throwing, until the order is retried', async () => {
    let isBroken = true;
    const { tracker, told } = await sandbox.start({
      handlerAttempts: 3,
      handlerBackoffMs: 1,
      onTold() {
        if (isBroken) throw new Error('No such table. openid=oUpF8uMuAJO_M2pxb1Q9zNjWeS6o');
      },
    });
    pay('PARKED-1');
    await tracker.track(orderOf('PARKED-1'));
    await eventually(async () => expect(await sandbox.queue().getFailedCount()).toBe(1));

    const parked = await toArray(tracker.parked());

    expect(parked).toEqual([
      {
        key: 'default///PARKED-1',
        merchant: 'default',
        ref: { outTradeNo: 'PARKED-1' },
        phase: 'parked',
        checks: 0,
        failures: 0,
        outcome: 'paid',
        reason: 'The handler failed when the outcome of order PARKED-1 was delivered.',
      },
    ]);
    expect(await tracker.peek({ outTradeNo: 'PARKED-1' })).toMatchObject({ phase: 'parked' });

    isBroken = false;
    expect(await tracker.retry('default///PARKED-1/paid')).toBe(true);

    await eventually(() => expect(told).toHaveLength(1));
    expect(queriesOf('PARKED-1')).toBe(1);
    await eventually(async () => expect(await toArray(tracker.parked())).toEqual([]));
  });

  it('is logged with the job and the merchant as fields, without what it said', async () => {
    const records: object[] = [];
    const keep = (message: unknown): void => void records.push(Object.assign({}, message));
    const { tracker } = await sandbox.start({
      handlerAttempts: 2,
      handlerBackoffMs: 1,
      onTold() {
        throw new Error('No such table. openid=oUpF8uMuAJO_M2pxb1Q9zNjWeS6o');
      },
    });
    Logger.overrideLogger({ log: keep, warn: keep, error: keep });
    pay('LOGGED-1');

    await tracker.track(orderOf('LOGGED-1'));
    await eventually(() => expect(records).toHaveLength(2));
    Logger.overrideLogger(false);

    const key = 'default///LOGGED-1';
    const fields = { merchant: 'default', jobId: 'd-LOGGED-1', key, stack: expect.stringMatching(/^ +at /) };
    expect(records).toEqual([
      { ...fields, message: expect.stringMatching(/^Job d-LOGGED-1 is retried: .* It threw Error\.$/) },
      {
        ...fields,
        message: expect.stringMatching(
          /^Job d-LOGGED-1 is parked: .*OrderTracker\.retry\("default\/\/\/LOGGED-1"\)/,
        ),
      },
    ]);
    expect(JSON.stringify(records)).not.toContain('oUpF8uMuAJO');
    expect(JSON.stringify(records)).not.toContain('No such table');
  });

  it('gets all its attempts again after a retry', async () => {
    let calls = 0;
    const { tracker } = await sandbox.start({
      handlerAttempts: 2,
      handlerBackoffMs: 1,
      onTold() {
        calls++;
        throw new Error('Still broken.');
      },
    });
    pay('PARKED-2');
    await tracker.track(orderOf('PARKED-2'));
    await eventually(async () => expect(await sandbox.queue().getFailedCount()).toBe(1));

    await tracker.retry('default///PARKED-2');

    await eventually(() => expect(calls).toBe(4));
    await eventually(async () => expect(await sandbox.queue().getFailedCount()).toBe(1));
  });

  it('is called again after handlerBackoffMs, then after twice that time', async () => {
    const { tracker } = await sandbox.start({
      handlerBackoffMs: 60_000,
      onTold() {
        throw new Error('Broken.');
      },
    });
    pay('PAUSED-1');
    const expectPause = (delay: number): Promise<void> =>
      eventually(async () => expect(await sandbox.queue().getDelayed()).toMatchObject([{ delay }]));
    await tracker.track(orderOf('PAUSED-1'));
    await expectPause(60_000);

    await (await sandbox.queue().getJob('d-PAUSED-1'))?.promote();

    await expectPause(120_000);
  });

  it('keeps nothing of the message of the app in Redis', async () => {
    const { tracker } = await sandbox.start({
      handlerAttempts: 1,
      onTold() {
        throw new Error('Duplicate customer 张三');
      },
    });
    pay('PARKED-3');

    await tracker.track(orderOf('PARKED-3'));

    await eventually(async () => expect(await sandbox.queue().getFailedCount()).toBe(1));
    const job = await sandbox.queue().getJob('d-PARKED-3');
    expect(JSON.stringify(job)).not.toContain('张三');
  });

  it.each([
    'default///UNKNOWN-1',
    'us///T1',
    'default///PAID/paid',
    '',
    '////',
    'refund/default///T1',
    'default///%FF',
  ])('retries nothing for the key "%s"', async (key) => {
    const { tracker } = await sandbox.start({ worker: false });

    expect(await tracker.retry(key)).toBe(false);
  });
});
