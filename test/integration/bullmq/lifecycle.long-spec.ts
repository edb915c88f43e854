import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from '@jest/globals';
import { WxPayMerchants } from 'nestjs-wxpay';
import { OrderTrackingError, type OrderTracker } from 'nestjs-wxpay/bullmq';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithOwnRedis, describeWithRedis, RedisServer } from '../../support/servers/redis.js';

const sandbox = useTracking();

/** Pays an order at the gateway. */
function pay(outTradeNo: string): void {
  sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
  sandbox.gateway.orders.pay(outTradeNo);
}

async function listParked(tracker: OrderTracker): Promise<unknown[]> {
  const states: unknown[] = [];
  for await (const state of tracker.parked()) states.push(state);
  return states;
}

describeWithRedis('an app that tracks orders', () => {
  it('leaves the work to others with worker: false', async () => {
    const web = await sandbox.start({ worker: false });
    pay('WEB-1');
    await web.tracker.track(orderOf('WEB-1'));
    expect(await sandbox.queue().getWaitingCount()).toBe(1);

    const worker = await sandbox.start();

    await eventually(() => expect(worker.told).toMatchObject([{ outcome: 'paid' }]));
    expect(web.told).toEqual([]);
  });

  it('tracks for a merchant that is registered while it runs', async () => {
    const { app, tracker, told } = await sandbox.start();
    pay('LATER-1');

    app.get(WxPayMerchants).register('later', sandbox.gateway.options({ sharedMchid: true }));
    await tracker.track({ ...orderOf('LATER-1'), merchant: 'later' });

    await eventually(() => expect(told).toMatchObject([{ key: 'later///LATER-1/paid', merchant: 'later' }]));
  });

  it('calls the handler outside of the context of the request that registers the merchant', async () => {
    const requests = new AsyncLocalStorage<string>();
    const contexts: unknown[] = [];
    const { app, tracker } = await sandbox.start({
      onTold: () => void contexts.push(requests.getStore()),
    });
    pay('CONTEXT-1');

    requests.run('request 1', () => {
      app.get(WxPayMerchants).register('later', sandbox.gateway.options({ sharedMchid: true }));
    });
    await tracker.track({ ...orderOf('CONTEXT-1'), merchant: 'later' });

    await eventually(() => expect(contexts).toHaveLength(1));
    expect(contexts).toEqual([undefined]);
  });

  it('is closed promptly while jobs postpone themselves, and loses none', async () => {
    const { app, tracker } = await sandbox.start({ rateLimit: { max: 10_000, durationMs: 1_000 } });
    const numbers = Array.from({ length: 200 }, (_, index) => `STOP-${index}`);
    for (const outTradeNo of numbers) sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
    await Promise.all(numbers.map((outTradeNo) => tracker.track(orderOf(outTradeNo))));
    await eventually(async () => expect(await sandbox.queue().getDelayedCount()).toBeGreaterThan(10));

    const begin = performance.now();
    await app.close();

    expect(performance.now() - begin).toBeLessThan(3_000);
    const { waiting = 0, delayed = 0, active, failed, completed } = await sandbox.queue().getJobCounts();
    expect({ open: waiting + delayed, active, failed, completed }).toEqual({
      open: 200,
      active: 0,
      failed: 0,
      completed: 0,
    });
  });

  it('waits for the handler that is running when it is closed', async () => {
    let release = (): void => {};
    const handled = new Promise<void>((resolve) => (release = resolve));
    let isCalled = false;
    const { app, tracker, told } = await sandbox.start({
      onTold() {
        isCalled = true;
        return handled;
      },
    });
    pay('CLOSE-1');
    await tracker.track(orderOf('CLOSE-1'));
    await eventually(() => expect(isCalled).toBe(true));

    const closing = app.close();
    release();
    await closing;

    expect(told).toHaveLength(1);
    expect(await sandbox.queue().getCompletedCount()).toBe(1);
  });

  it('gives up a handler that does not end, so that another process repeats it', async () => {
    const hung = new Promise<void>(() => undefined);
    let isCalled = false;
    const { app, tracker } = await sandbox.start({
      stalledAfterMs: 1_000,
      onTold() {
        isCalled = true;
        return hung;
      },
    });
    pay('HUNG-1');
    await tracker.track(orderOf('HUNG-1'));
    await eventually(() => expect(isCalled).toBe(true));

    await app.close();

    const another = await sandbox.start({ stalledAfterMs: 1_000 });
    await eventually(() => expect(another.told).toMatchObject([{ key: 'default///HUNG-1/paid' }]), 10_000);
  }, 40_000);

  it('rejects what is tracked once it is closed', async () => {
    const { app, tracker } = await sandbox.start({ worker: false });
    await app.close();

    const failure = await failureOf(OrderTrackingError, tracker.track(orderOf('CLOSED-1')));

    expect(failure).toMatchObject({ message: 'The app is closed, and tracks no more.', retryable: false });
  });

  it('closes no merchant while a handler runs, also if the module is global', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let isCalled = false;
    const { app, tracker, told } = await sandbox.start({
      isGlobal: true,
      async onTold() {
        isCalled = true;
        await held;
        // Rejects once the merchants are closed.
        const asked = app
          .get(WxPayMerchants)
          .get()
          .orderQuery.queryMany([{ outTradeNo: 'CLOSE-2' }]);
        for await (const { order } of asked) expect(order).toMatchObject({ tradeState: 'SUCCESS' });
      },
    });
    pay('CLOSE-2');
    await tracker.track(orderOf('CLOSE-2'));
    await eventually(() => expect(isCalled).toBe(true));
    let isClosing = false;
    app.get(WxPayMerchants).beforeClose(() => {
      isClosing = true;
      return Promise.resolve();
    });

    const closing = app.close();
    await eventually(() => expect(isClosing).toBe(true));
    release();
    await closing;

    expect(told).toHaveLength(1);
  });
});

describeWithOwnRedis('an app whose Redis is away', () => {
  it('starts, rejects what is tracked within the time, and goes on when Redis is back', async () => {
    const server = await RedisServer.start('--appendonly', 'yes');
    sandbox.closeLater({ close: () => server.stop() });
    await server.kill();
    const { tracker, told } = await sandbox.start({ connection: { url: server.url }, trackTimeoutMs: 300 });
    pay('AWAY-1');

    const begin = performance.now();
    const failure = await failureOf(OrderTrackingError, tracker.track(orderOf('AWAY-1')));

    expect(performance.now() - begin).toBeLessThan(2_000);
    expect(failure).toMatchObject({ code: 'WXPAY_TRACKING', retryable: true, name: 'OrderTrackingError' });
    expect(failure.message).toMatch(
      /^Redis did not answer within 300 ms to track order AWAY-1: it is unknown whether it took effect\. Calling again is safe\. The last error of the connection to Redis: connect ECONNREFUSED .*\.$/,
    );

    await server.restart();
    await eventually(() => tracker.track(orderOf('AWAY-1')), 15_000);
    await eventually(() => expect(told).toMatchObject([{ outcome: 'paid' }]), 15_000);
  }, 40_000);

  it('rejects what is tracked and what is listed when Redis hangs', async () => {
    const server = await RedisServer.start();
    const { tracker } = await sandbox.start({
      connection: { url: server.url },
      trackTimeoutMs: 300,
      worker: false,
    });
    sandbox.closeLater({ close: () => server.stop() });
    await tracker.track(orderOf('HANG-1'));
    server.freeze();

    const failure = await failureOf(OrderTrackingError, tracker.track(orderOf('HANG-2')));
    const unlisted = await failureOf(OrderTrackingError, listParked(tracker));

    server.thaw();
    expect(failure.retryable).toBe(true);
    expect(unlisted.message).toMatch(
      /^Redis did not answer within 300 ms to list the parked jobs of "default":/,
    );
  });

  it('rejects what is tracked when Redis is full', async () => {
    const server = await RedisServer.start('--maxmemory-policy', 'noeviction');
    const { tracker } = await sandbox.start({ connection: { url: server.url }, worker: false });
    sandbox.closeLater({ close: () => server.stop() });
    await tracker.track(orderOf('FULL-1'));
    await server.configure('maxmemory', '1');

    const failure = await failureOf(OrderTrackingError, tracker.track(orderOf('FULL-2')));

    expect(failure.message).toBe(
      'Redis failed to track order FULL-2: it is unknown whether it took effect. Calling again is safe.',
    );
    expect(failure.cause).toMatchObject({ message: expect.stringContaining('OOM') });
  });

  it('is closed while Redis is away', async () => {
    const server = await RedisServer.start();
    sandbox.closeLater({ close: () => server.stop() });
    const { app, tracker } = await sandbox.start({ connection: { url: server.url } });
    await tracker.track(orderOf('LEFT-1', { ageMs: 0 }));
    await server.kill();

    const begin = performance.now();
    await app.close();

    expect(performance.now() - begin).toBeLessThan(5_000);
  });
});
