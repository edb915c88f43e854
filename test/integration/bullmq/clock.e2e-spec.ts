import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { WxPayMerchants, type WxPayError } from 'nestjs-wxpay';
import { OrderSettledHandler } from 'nestjs-wxpay/bullmq';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import type { Asked } from '../../../lib/bullmq/job-steps.js';
import { encodeOrderJob, type OrderJobData } from '../../../lib/bullmq/order-job.js';
import { OrderSteps } from '../../../lib/bullmq/order-steps.js';
import { inVirtualTime, useVirtualTime } from '../../support/harness/virtual-time.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const MINUTE_MS = 60_000;
/** Time for which WeChat Pay refuses to close an order over APIv2. */
const CLOSABLE_AFTER_MS = 5 * MINUTE_MS;

class NoHandler extends OrderSettledHandler {
  override settled(): Promise<void> {
    return Promise.resolve();
  }
}

describe('a worker whose clock is ahead', () => {
  const merchants = new WxPayMerchants();
  const steps = new OrderSteps(merchants, new NoHandler(), () => new Date());
  let gateway: MockWxPayGateway;
  let aheadMs = 0;
  const timeAtWeChatPay = (): number => Date.now() - aheadMs;

  beforeAll(async () => {
    gateway = await startGateway({ now: timeAtWeChatPay });
    // Virtual time passes fast: it must not end a request.
    merchants.register('default', gateway.optionsV2({ timeoutMs: 600_000, attemptTimeoutMs: 300_000 }));
  });
  beforeEach(useVirtualTime);
  afterEach(() => void jest.useRealTimers());
  afterAll(async () => {
    await gateway.stop();
    await merchants.onModuleDestroy();
  });

  it.each([0.5, 4, 10])('by %s minutes closes an unpaid order only when WeChat Pay does', async (minutes) => {
    const outTradeNo = `AHEAD-${minutes}`.replace('.', '_');
    aheadMs = minutes * MINUTE_MS;
    const createdAt = new Date(timeAtWeChatPay());
    gateway.orders.create({ outTradeNo, amount: { total: 1 }, createdAt });

    const { last, asked } = await askUntilKnown(outTradeNo, createdAt);

    expect(last.out).toBe('closed');
    expect(timeAtWeChatPay()).toBeGreaterThanOrEqual(createdAt.getTime() + CLOSABLE_AFTER_MS);
    // Each step before was refused because of the age, which is neither an outcome nor a reason to park the order.
    expect(asked.filter(({ park }) => park !== undefined)).toEqual([]);
    const causes = asked.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
    expect(causes.length).toBeGreaterThan(0);
    expect(causes.map(kindOf)).toEqual(causes.map(() => 'order-state'));
  });

  it('leaves an order open that is too young by that clock, too', async () => {
    aheadMs = MINUTE_MS;
    const createdAt = new Date(timeAtWeChatPay());
    gateway.orders.create({ outTradeNo: 'YOUNG-1', amount: { total: 1 }, createdAt });
    jest.setSystemTime(Date.now() + 2 * MINUTE_MS);

    const job = jobOf('YOUNG-1', createdAt, 2 * MINUTE_MS);
    const { data, failure, park } = await inVirtualTime(steps.ask('default', job));

    expect({ data, failure, park }).toMatchObject({
      data: { checks: 1, nb: createdAt.getTime() + CLOSABLE_AFTER_MS },
      failure: undefined,
      park: undefined,
    });
    expect(data.out).toBeUndefined();
    expect(gateway.orders.get('YOUNG-1')).toMatchObject({ tradeState: 'NOTPAY' });
  });

  /** Makes each step of an order when it is due by the worker's clock. */
  async function askUntilKnown(
    outTradeNo: string,
    createdAt: Date,
  ): Promise<{ readonly last: OrderJobData; readonly asked: readonly Asked<OrderJobData>[] }> {
    const asked: Asked<OrderJobData>[] = [];
    let last = jobOf(outTradeNo, createdAt, CLOSABLE_AFTER_MS);
    for (;;) {
      const at = steps.nextAt(last, new Date());
      if (at === undefined || asked.length === 50) return { last, asked };
      jest.setSystemTime(at);
      const answer = await inVirtualTime(steps.ask('default', last));
      asked.push(answer);
      last = answer.data;
    }
  }
});

function jobOf(outTradeNo: string, createdAt: Date, livesMs: number): OrderJobData {
  const expiresAt = new Date(createdAt.getTime() + livesMs);
  return encodeOrderJob({ ref: { outTradeNo }, createdAt, expiresAt, checks: 0, failures: 0 });
}

function kindOf(failure: WxPayError): unknown {
  return 'kind' in failure ? failure.kind : failure.name;
}
