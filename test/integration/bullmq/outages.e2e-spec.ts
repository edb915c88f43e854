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

  it('asks for no order of the merchant while WeChat Pay limits the rate', async () => {
    const { tracker, told } = await sandbox.start({ ...ONE_ATTEMPT, concurrency: 1 });
    for (const outTradeNo of ['LIMIT-1', 'LIMIT-2']) {
      sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
      sandbox.gateway.orders.pay(outTradeNo);
    }
    sandbox.gateway.next({ status: 429, code: 'FREQUENCY_LIMITED', headers: { 'retry-after': '1' } });
    const begin = performance.now();

    await tracker.track(orderOf('LIMIT-1'));
    await tracker.track(orderOf('LIMIT-2'));

    await eventually(async () => expect(await sandbox.queue().getRateLimitTtl()).toBeGreaterThan(0));
    await eventually(() => expect(told).toHaveLength(2));
    expect(performance.now() - begin).toBeGreaterThan(900);
    const job = await sandbox.queue().getJob('d-LIMIT-1');
    expect(job?.data).not.toHaveProperty('fails');
  });

  it('keeps asking when WeChat Pay refuses the keys, for half an hour', async () => {
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
