import { expect, it } from '@jest/globals';
import { eventually } from '../../support/assertions/eventually.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();
const DAY_MS = 86_400_000;

/** Settings of an app that asks once, and the lines that it logs. */
function logged() {
  const lines: string[] = [];
  const note = (line: unknown): void => void lines.push(String(line));
  const logger = { log: () => undefined, error: note, warn: note };
  return { lines, settings: { merchant: { maxAttempts: 1 }, logger } };
}

/** Makes the gateway limit the rate when it is asked about an order. */
function limit(outTradeNo: string, retryAfter: string, delayMs = 0): void {
  const headers = { 'retry-after': retryAfter };
  sandbox.gateway.next({
    status: 429,
    code: 'FREQUENCY_LIMITED',
    headers,
    when: { outTradeNo },
    delayMs,
  });
}

/** Waits until the queue is paused and nothing is under way. @param jobs number of jobs that were put back */
async function untilPaused(jobs: number): Promise<void> {
  await eventually(async () => expect(await sandbox.queue().getRateLimitTtl(1e9)).toBeGreaterThan(0));
  await eventually(async () => expect(await sandbox.queue().getWaitingCount()).toBe(jobs));
}

describeWithRedis('tracking, while WeChat Pay limits the rate', () => {
  it('logs the pause, in one line for all orders of the merchant', async () => {
    const { lines, settings } = logged();
    const { tracker } = await sandbox.start(settings);
    const numbers = ['LINE-1', 'LINE-2'];
    // Both are asked about before the first reply pauses the queue.
    for (const outTradeNo of numbers) limit(outTradeNo, '60', 300);

    await Promise.all(numbers.map((outTradeNo) => tracker.track(orderOf(outTradeNo))));

    await untilPaused(2);
    expect(lines).toEqual([
      expect.stringMatching(
        /WeChat Pay limits the rate, and is asked about no order or refund for 60000 ms: .*FREQUENCY_LIMITED.* If this lasts, lower rateLimit\. This line is logged at most once a minute for each merchant\.$/,
      ),
    ]);
  });

  it('parks an order that is not settled a week after it expired', async () => {
    const { settings } = logged();
    const { tracker } = await sandbox.start(settings);
    const exp = Date.now() - 8 * DAY_MS;
    limit('LIMIT-WEEK', '1');

    await sandbox
      .queue()
      .add('order', { v: 1, no: 'LIMIT-WEEK', at: exp - DAY_MS, exp }, { jobId: 'd-LIMIT-WEEK' });

    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'LIMIT-WEEK' })).toMatchObject({
        phase: 'parked',
        reason: expect.stringMatching(
          /^order LIMIT-WEEK: not settled 7 days after it expired: .*FREQUENCY_LIMITED/,
        ),
      }),
    );
    expect(await sandbox.queue().getRateLimitTtl(1e9)).toBeGreaterThan(0);
  });

  it('is closed promptly, and loses no step', async () => {
    const { lines, settings } = logged();
    const { app, tracker } = await sandbox.start(settings);
    limit('LIMIT-CLOSE', '60');
    await tracker.track(orderOf('LIMIT-CLOSE'));
    await untilPaused(1);

    const begin = performance.now();
    await app.close();

    expect(performance.now() - begin).toBeLessThan(5_000);
    expect(lines).toEqual([expect.stringContaining('limits the rate')]);
  }, 30_000);
});
