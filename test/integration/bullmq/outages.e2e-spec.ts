import { expect, it } from '@jest/globals';
import { WxPayMerchants } from 'nestjs-wxpay';
import { eventually } from '../../support/assertions/eventually.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();
const ONE_ATTEMPT = { merchant: { maxAttempts: 1 } };
/** A job of an order that WeChat Pay has refused to show for a while. */
const refusedJob = (no: string, forMs: number) => ({
  v: 1,
  no,
  at: Date.now() - 3_600_000,
  exp: Date.now() + 3_600_000,
  fails: 9,
  fault: Date.now() - forMs,
});
const HOUR_MS = 3_600_000;

describeWithRedis('tracking, while WeChat Pay fails', () => {
  it.each([
    ['an error of its servers', { status: 500, code: 'SYSTEM_ERROR' }],
    ['no connection', { fault: 'reset' }],
    ['a reply without a signature', { fault: 'unsigned' }],
  ] as const)('asks again later after %s, and uses up no attempt', async (what, behaviour) => {
    const outTradeNo = `OUT-${what.length}`;
    const { tracker, told } = await sandbox.start(ONE_ATTEMPT);
    sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
    sandbox.gateway.orders.pay(outTradeNo);
    sandbox.gateway.next(behaviour);

    await tracker.track(orderOf(outTradeNo));

    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo })).toMatchObject({ phase: 'watching', checks: 0, failures: 1 }),
    );
    const job = await sandbox.queue().getJob(`d-${outTradeNo}`);
    expect(job).toMatchObject({ attemptsMade: 0, delay: expect.any(Number) });
    expect(await tracker.confirm({ outTradeNo })).toBe(true);
    await eventually(() => expect(told).toMatchObject([{ outcome: 'paid' }]));
  });

  it('queries no order of the merchant while a rate limit pauses the queue', async () => {
    const toldAfterMs: number[] = [];
    const { tracker } = await sandbox.start({
      ...ONE_ATTEMPT,
      concurrency: 1,
      onTold: () => void toldAfterMs.push(performance.now() - begin),
    });
    for (const outTradeNo of ['LIMIT-1', 'LIMIT-2']) {
      sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
      sandbox.gateway.orders.pay(outTradeNo);
    }
    sandbox.gateway.next({ status: 429, code: 'FREQUENCY_LIMITED', headers: { 'retry-after': '1' } });
    const begin = performance.now();

    await tracker.track(orderOf('LIMIT-1'));
    await tracker.track(orderOf('LIMIT-2'));

    // With a number of jobs that is never reached, so that only the pause counts.
    await eventually(async () => expect(await sandbox.queue().getRateLimitTtl(1e9)).toBeGreaterThan(0));
    await eventually(() => expect(toldAfterMs).toHaveLength(2));
    // Both are paid: a query during the pause would have told one earlier.
    expect(Math.min(...toldAfterMs)).toBeGreaterThan(900);
    const job = await sandbox.queue().getJob('d-LIMIT-1');
    expect(job?.data).not.toHaveProperty('fails');
  });

  it('does not park an order as soon as WeChat Pay refuses the keys', async () => {
    const { tracker } = await sandbox.start({ ...ONE_ATTEMPT });
    sandbox.gateway.next({ status: 401, code: 'SIGN_ERROR' });

    await tracker.track(orderOf('KEYS-1'));

    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'KEYS-1' })).toMatchObject({ phase: 'watching', failures: 1 }),
    );
  });

  it('parks an order when WeChat Pay has refused the keys for longer, until it is retried', async () => {
    const { tracker, told } = await sandbox.start(ONE_ATTEMPT);
    sandbox.gateway.orders.create({ outTradeNo: 'KEYS-2', amount: { total: 1 } });
    sandbox.gateway.orders.pay('KEYS-2');
    sandbox.gateway.next({ status: 403, code: 'NO_AUTH', when: { outTradeNo: 'KEYS-2' } });

    await sandbox.queue().add('order', refusedJob('KEYS-2', HOUR_MS), { jobId: 'd-KEYS-2', attempts: 12 });

    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'KEYS-2' })).toMatchObject({
        phase: 'parked',
        reason: expect.stringMatching(/^order KEYS-2: refused for more than half an hour: .*NO_AUTH/),
      }),
    );
    expect(await tracker.retry('default///KEYS-2')).toBe(true);
    await eventually(() => expect(told).toMatchObject([{ outcome: 'paid' }]));
  });

  it('parks an order when no reply could be verified for 6 hours', async () => {
    const { tracker } = await sandbox.start(ONE_ATTEMPT);
    sandbox.gateway.orders.create({ outTradeNo: 'SIGN-1', amount: { total: 1 } });
    sandbox.gateway.next({ fault: 'unsigned', when: { outTradeNo: 'SIGN-1' } });

    await sandbox.queue().add('order', refusedJob('SIGN-1', 6 * HOUR_MS), { jobId: 'd-SIGN-1' });

    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'SIGN-1' })).toMatchObject({
        phase: 'parked',
        reason: expect.stringMatching(
          /^order SIGN-1: the replies could not be verified for more than 6 hours: ./,
        ),
      }),
    );
  });

  it('parks an order that is not settled a week after it expired, but not at the first failure after a retry', async () => {
    const { tracker } = await sandbox.start(ONE_ATTEMPT);
    for (let step = 0; step < 2; step++) sandbox.gateway.next({ status: 500, code: 'SYSTEM_ERROR' });
    const exp = Date.now() - 8 * 24 * HOUR_MS;

    await sandbox.queue().add('order', { v: 1, no: 'WEEK-1', at: exp - HOUR_MS, exp }, { jobId: 'd-WEEK-1' });

    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'WEEK-1' })).toMatchObject({
        phase: 'parked',
        failures: 1,
        reason: expect.stringMatching(/^order WEEK-1: not settled 7 days after it expired: .*SYSTEM_ERROR/),
      }),
    );
    expect(await tracker.retry('default///WEEK-1')).toBe(true);
    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'WEEK-1' })).toMatchObject({ phase: 'settling', failures: 2 }),
    );
  });

  it('logs that an order keeps failing, in one line a minute for all orders', async () => {
    const lines: string[] = [];
    const note = (line: unknown): void => void lines.push(String(line));
    const logger = { log: () => undefined, error: note, warn: note };
    const { tracker } = await sandbox.start({ ...ONE_ATTEMPT, logger });
    for (let step = 0; step < 3; step++) sandbox.gateway.next({ status: 500, code: 'SYSTEM_ERROR' });
    const failing = (no: string, fails: number) => ({ ...refusedJob(no, 0), fails });

    await sandbox.queue().add('order', failing('FEW-1', 3), { jobId: 'd-FEW-1' });
    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'FEW-1' })).toMatchObject({ failures: 4 }),
    );
    expect(lines).toEqual([]);
    for (const no of ['MANY-1', 'MANY-2']) {
      await sandbox.queue().add('order', failing(no, 4), { jobId: `d-${no}` });
      await eventually(async () =>
        expect(await tracker.peek({ outTradeNo: no })).toMatchObject({ failures: 5 }),
      );
    }

    expect(lines).toEqual([
      expect.stringMatching(
        /The state of order MANY-1 is still unknown after 5 consecutive failures: .*SYSTEM_ERROR.* This line is logged at most once a minute for each merchant\.$/,
      ),
    ]);
  });

  it('parks the orders of a merchant that was unregistered', async () => {
    const { app, tracker } = await sandbox.start();
    app.get(WxPayMerchants).register('gone', sandbox.gateway.options({ sharedMchid: true }));
    app.get(WxPayMerchants).unregister('gone');

    await sandbox
      .queue('wxpay-orders-gone')
      .add('order', refusedJob('GONE-1', HOUR_MS), { jobId: 'd-GONE-1' });

    await eventually(async () => {
      const parked = [];
      for await (const state of tracker.parked()) parked.push(state);
      expect(parked).toMatchObject([{ key: 'gone///GONE-1', reason: expect.stringContaining('"gone"') }]);
    });
  });
});
