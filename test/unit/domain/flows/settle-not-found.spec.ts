import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Order } from '../../../../lib/domain/order.js';
import { settle } from '../../../../lib/domain/flows/settle.js';
import { failing, OrderModel, type CallFault } from '../../../support/models/order-model.js';
import { NOW, settleInVirtualTime } from '../../../support/harness/settle-in-virtual-time.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('settle, of an order that is not found', () => {
  it.each([
    ['each of two hosts', ['https://main', 'https://backup']],
    ['the only host once more', ['https://main']],
  ])('queries %s after an unsigned "not found"', async (_, hosts) => {
    const model = new OrderModel({ initial: 'ABSENT', hosts });

    await expect(settleInVirtualTime(model)).resolves.toEqual({ outcome: 'not-found', signed: false });

    expect(model.calls.map(({ host }) => host)).toEqual([undefined, ...hosts]);
  });

  it('queries each host even after a signed "not found"', async () => {
    const model = new OrderModel({ initial: 'ABSENT', signsRefusals: true });

    await expect(settleInVirtualTime(model)).resolves.toEqual({ outcome: 'not-found', signed: true });

    expect(model.calls.map(({ host }) => host)).toEqual([undefined, 'https://main', 'https://backup']);
  });

  it.each([0, 1, 2])('returns signed: true only if every reply was signed, call %i too', async (call) => {
    const plan = failing([call, 'unsigned ORDER_NOT_EXIST']);
    const model = new OrderModel({ initial: 'ABSENT', signsRefusals: true, ...plan });

    await expect(settleInVirtualTime(model)).resolves.toEqual({ outcome: 'not-found', signed: false });
  });

  it.each<[CallFault, string]>([
    ['lost before it took effect', 'WXPAY_TRANSPORT'],
    ['signature refused', 'WXPAY_SIGNATURE'],
    ['SYSTEM_ERROR', 'SYSTEM_ERROR'],
  ])('does not return not-found if the other host fails with %s', async (fault, code) => {
    const model = new OrderModel({ initial: 'ABSENT', ...failing([2, fault]) });

    await expect(settleInVirtualTime(model)).resolves.toStrictEqual({
      outcome: 'unresolved',
      cause: expect.objectContaining({ code }),
    });
  });

  it.each<CallFault>(['unsigned ORDER_NOT_EXIST', 'signed ORDER_NOT_EXIST'])(
    'continues with the order that the other host knows, after replies with %s',
    async (fault) => {
      const model = new OrderModel({ initial: 'SUCCESS', ...failing([0, fault], [1, fault]) });

      await expect(settleInVirtualTime(model)).resolves.toMatchObject({ outcome: 'paid' });

      expect(model.calls.map(({ host }) => host)).toEqual([undefined, 'https://main', 'https://backup']);
    },
  );

  it('makes nine calls at most with two hosts', async () => {
    const absent: CallFault = 'unsigned ORDER_NOT_EXIST';
    const plan = failing([0, absent], [1, absent], [3, 'no effect'], [5, 'no effect'], [7, 'no effect']);
    const model = new OrderModel({ initial: 'NOTPAY', ...plan });

    await expect(settleInVirtualTime(model)).resolves.toMatchObject({ outcome: 'unresolved' });

    expect(model.calls).toHaveLength(9);
  });

  it.each([false, true])(
    'returns too-young for an unknown order that may still be being placed, by a refusal with signature: %s',
    async (signsRefusals) => {
      const model = new OrderModel({ initial: 'ABSENT', signsRefusals });

      const settlement = await settleInVirtualTime(model, { createdAt: new Date(NOW - 299_999) });

      expect(settlement).toStrictEqual({ outcome: 'too-young', retryAt: new Date(NOW + 1) });
      expect(model.calls).toHaveLength(1);
    },
  );

  it('returns not-found for an unknown order that is old enough', async () => {
    const model = new OrderModel({ initial: 'ABSENT' });

    const settlement = await settleInVirtualTime(model, { createdAt: new Date(NOW - 300_000) });

    expect(settlement).toMatchObject({ outcome: 'not-found' });
  });

  it('computes the age before the first query', async () => {
    let now = NOW;
    class Slow extends OrderModel {
      override async query(...asked: Parameters<OrderModel['query']>): Promise<Order> {
        now += 5_000;
        return super.query(...asked);
      }
    }
    const running = settle(
      new Slow({ initial: 'ABSENT' }),
      { outTradeNo: 'T1' },
      { createdAt: new Date(NOW - 299_999) },
      () => now,
    );

    await expect(running).resolves.toMatchObject({ outcome: 'too-young' });
  });
});
