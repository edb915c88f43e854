import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Order } from '../../../../lib/domain/order.js';
import type { SettleOptions } from '../../../../lib/domain/options.js';
import { WxPayTransportError } from '../../../../lib/errors/wxpay-transport-error.js';
import { failing, OrderModel } from '../../../support/models/order-model.js';
import { NOW, settleInVirtualTime } from '../../../support/harness/settle-in-virtual-time.js';

const REF = { outTradeNo: 'T1' };

const kindsOf = (model: OrderModel): string[] => model.calls.map(({ kind }) => kind);

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('settle, within its time', () => {
  it('does not pause beyond its timeout', async () => {
    const model = new OrderModel({ initial: 'NOTPAY', ...failing([1, 'no effect'], [3, 'no effect']) });

    await expect(settleInVirtualTime(model, { timeoutMs: 1_500 })).resolves.toMatchObject({
      outcome: 'unresolved',
    });

    expect(kindsOf(model)).toEqual(['query', 'close', 'query', 'close', 'query']);
  });

  it.each([
    ['waits as long as WeChat Pay requests before it closes again', 4_001, 'closed', 5],
    ['does not close again if WeChat Pay requests more time than is left', 4_000, 'unresolved', 3],
  ])('%s', async (_, timeoutMs, outcome, calls) => {
    const model = new OrderModel({ initial: 'NOTPAY', ...failing([1, 'SYSTEM_ERROR, in 4 s']) });

    await expect(settleInVirtualTime(model, { timeoutMs })).resolves.toMatchObject({ outcome });

    expect(model.calls).toHaveLength(calls);
  });

  it.each([
    ['NOTPAY', 299_999, 'too-young'],
    ['NOTPAY', 300_000, 'closed'],
    ['SUCCESS', 1, 'paid'],
    ['USERPAYING', 1, 'reverse-required'],
  ])('returns for an order in %s that is %i ms old: %s', async (initial, ageMs, outcome) => {
    const createdAt = new Date(NOW - ageMs);

    const settlement = await settleInVirtualTime(new OrderModel({ initial }), { createdAt });

    expect(settlement).toMatchObject({ outcome, order: {} });
    expect('retryAt' in settlement ? settlement.retryAt : undefined).toEqual(
      outcome === 'too-young' ? new Date(NOW + 1) : undefined,
    );
  });

  it('leaves half of the time for the query after a close that hangs', async () => {
    const timeouts: unknown[] = [];
    class Slow extends OrderModel {
      override async close(_ref: unknown, options: SettleOptions = {}): Promise<never> {
        timeouts.push(options.timeoutMs);
        await new Promise((resolve) => setTimeout(resolve, options.timeoutMs));
        throw new WxPayTransportError('hung', { timedOut: true });
      }
      override async query(ref: typeof REF, options: SettleOptions = {}): Promise<Order> {
        timeouts.push(options.timeoutMs);
        return super.query(ref, options);
      }
    }

    await settleInVirtualTime(new Slow({ initial: 'NOTPAY' }), { timeoutMs: 1_600 });

    expect(timeouts).toEqual([1_600, 800, 800]);
  });

  it('uses the timeout and the minimum age of the merchant unless options set others', async () => {
    const timeouts: unknown[] = [];
    class Other extends OrderModel {
      override readonly terms = { merchant: 'other', timeoutMs: 7_000, minOrderAgeMs: 60_000, hosts: [] };
      override async query(ref: typeof REF, options: SettleOptions = {}): Promise<Order> {
        timeouts.push(options.timeoutMs);
        return super.query(ref, options);
      }
    }
    const settleAt = (ageMs: number) =>
      settleInVirtualTime(new Other({ initial: 'NOTPAY' }), { createdAt: new Date(NOW - ageMs) });

    await expect(settleAt(59_999)).resolves.toMatchObject({ outcome: 'too-young' });
    await expect(settleAt(60_000)).resolves.toMatchObject({ outcome: 'closed' });
    expect(timeouts).toEqual([7_000, 7_000, 7_000]);
  });
});
