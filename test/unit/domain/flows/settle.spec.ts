import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Order } from '../../../../lib/domain/order.js';
import { settle } from '../../../../lib/domain/flows/settle.js';
import type { SettleOptions } from '../../../../lib/domain/options.js';
import { WxPayTransportError } from '../../../../lib/errors/wxpay-transport-error.js';
import { failing, OrderModel, type CallFault } from '../../../support/models/order-model.js';
import { NOW, settleInVirtualTime } from '../../../support/harness/settle-in-virtual-time.js';

const REF = { outTradeNo: 'T1' };

const kindsOf = (model: OrderModel): string[] => model.calls.map(({ kind }) => kind);

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('settle', () => {
  it.each([
    ['SUCCESS', { outcome: 'paid', refunded: false }],
    ['REFUND', { outcome: 'paid', refunded: true }],
    ['CLOSED', { outcome: 'closed' }],
    ['REVOKED', { outcome: 'closed' }],
    ['USERPAYING', { outcome: 'reverse-required' }],
    ['PAYERROR', { outcome: 'reverse-required' }],
    ['ACCEPT', { outcome: 'unresolved' }],
    ['PAID_BY_TELEPATHY', { outcome: 'unresolved' }],
  ])('closes nothing if a query shows %s', async (initial, expected) => {
    const model = new OrderModel({ initial });

    await expect(settleInVirtualTime(model)).resolves.toStrictEqual({
      ...expected,
      order: expect.objectContaining({ tradeState: initial }),
    });

    expect(kindsOf(model)).toEqual(['query']);
  });

  it('closes an unpaid order, and returns closed only after another query', async () => {
    const model = new OrderModel({ initial: 'NOTPAY' });

    await expect(settleInVirtualTime(model)).resolves.toMatchObject({
      outcome: 'closed',
      order: { tradeState: 'CLOSED' },
    });

    expect(kindsOf(model)).toEqual(['query', 'close', 'query']);
  });

  it.each(['MICROPAY', 'FACEPAY'])('does not close an unpaid order of type %s', async (tradeType) => {
    const model = new OrderModel({ initial: 'NOTPAY', tradeType });

    await expect(settleInVirtualTime(model)).resolves.toMatchObject({ outcome: 'reverse-required' });

    expect(kindsOf(model)).toEqual(['query']);
  });

  it.each<CallFault>(['TRADE_ERROR, reverse it', 'signed TRADE_STATE_ERROR'])(
    'returns reverse-required if two closes are refused with %s',
    async (fault) => {
      const model = new OrderModel({ initial: 'NOTPAY', ...failing([1, fault], [3, fault]) });

      await expect(settleInVirtualTime(model)).resolves.toMatchObject({ outcome: 'reverse-required' });

      expect(kindsOf(model)).toEqual(['query', 'close', 'query', 'close', 'query']);
    },
  );

  it.each<CallFault>(['TRADE_ERROR', 'signed TRADE_ERROR', 'TRADE_STATE_ERROR'])(
    'does not return reverse-required after %s',
    async (fault) => {
      const model = new OrderModel({ initial: 'NOTPAY', ...failing([1, fault], [3, fault], [5, fault]) });

      await expect(settleInVirtualTime(model)).resolves.toMatchObject({ outcome: 'unresolved' });
    },
  );

  it('returns reverse-required for an unpaid 付款码 order over APIv2, which does not report the type', async () => {
    const model = new OrderModel({ initial: 'NOTPAY', tradeType: 'MICROPAY', isV2: true });

    await expect(settleInVirtualTime(model)).resolves.toStrictEqual({
      outcome: 'reverse-required',
      order: expect.not.objectContaining({ tradeType: 'MICROPAY' }),
    });
  });

  it.each<CallFault>([
    'lost before it took effect',
    'SYSTEM_ERROR',
    'no effect',
    'ORDER_PAID',
    'TRADE_ERROR',
    'TRADE_ERROR, reverse it',
    'signed TRADE_STATE_ERROR',
  ])('closes again after a close with %s that left the order open', async (fault) => {
    const model = new OrderModel({ initial: 'NOTPAY', ...failing([1, fault]) });

    await expect(settleInVirtualTime(model)).resolves.toMatchObject({ outcome: 'closed' });

    expect(kindsOf(model)).toEqual(['query', 'close', 'query', 'close', 'query']);
  });

  it.each<CallFault>(['SIGN_ERROR', 'RULE_LIMIT'])(
    'does not close again after a refusal with %s',
    async (code) => {
      const model = new OrderModel({ initial: 'NOTPAY', ...failing([1, code]) });

      await expect(settleInVirtualTime(model)).resolves.toMatchObject({
        outcome: 'unresolved',
        order: { tradeState: 'NOTPAY' },
        cause: { code },
      });

      expect(kindsOf(model)).toEqual(['query', 'close', 'query']);
    },
  );

  it('does not close again after a malformed reply to a close', async () => {
    const model = new OrderModel({ initial: 'NOTPAY', ...failing([1, 'not as promised']) });

    await expect(settleInVirtualTime(model)).resolves.toMatchObject({
      outcome: 'unresolved',
      cause: { code: 'WXPAY_PROTOCOL' },
    });

    expect(kindsOf(model)).toEqual(['query', 'close', 'query']);
  });

  it('returns the refusal of the close as the cause if the state of the order decides nothing', async () => {
    const model = new OrderModel({
      initial: 'NOTPAY',
      events: new Map([[2, ['accept']]]),
      ...failing([1, 'SYSTEM_ERROR']),
    });

    await expect(settleInVirtualTime(model)).resolves.toMatchObject({
      outcome: 'unresolved',
      order: { tradeState: 'ACCEPT' },
      cause: { code: 'SYSTEM_ERROR' },
    });
  });

  it('returns unresolved with the last cause after three closes without effect', async () => {
    const model = new OrderModel({
      initial: 'NOTPAY',
      ...failing([1, 'no effect'], [3, 'TRADE_ERROR'], [5, 'SYSTEM_ERROR']),
    });

    await expect(settleInVirtualTime(model)).resolves.toMatchObject({
      outcome: 'unresolved',
      order: { tradeState: 'NOTPAY' },
      cause: { code: 'SYSTEM_ERROR' },
    });

    expect(kindsOf(model)).toEqual(['query', 'close', 'query', 'close', 'query', 'close', 'query']);
  });

  it('keeps the known order when a later query fails', async () => {
    const model = new OrderModel({ initial: 'NOTPAY', ...failing([2, 'unsigned ORDER_NOT_EXIST']) });

    await expect(settleInVirtualTime(model)).resolves.toMatchObject({
      outcome: 'unresolved',
      order: { tradeState: 'NOTPAY' },
      cause: { code: 'ORDER_NOT_EXIST' },
    });
  });

  it.each(['query', 'close'] as const)(
    'rejects with the reason of a caller who aborts during a %s',
    async (kind) => {
      const caller = new AbortController();
      class Hanging extends OrderModel {
        override query(...args: Parameters<OrderModel['query']>): Promise<Order> {
          return kind === 'query' ? hang(args[1]?.signal) : super.query(...args);
        }
        override close(_ref: unknown, options: SettleOptions = {}): Promise<never> {
          return hang(options.signal);
        }
      }
      const running = settle(new Hanging({ initial: 'NOTPAY' }), REF, { signal: caller.signal }, () => NOW);
      const settled = expect(running).rejects.toBe('enough');
      await jest.advanceTimersByTimeAsync(0);

      caller.abort('enough');

      await settled;
    },
  );

  it('throws defects', async () => {
    class Broken extends OrderModel {
      override query(): Promise<Order> {
        return Promise.reject(new TypeError('a defect'));
      }
    }

    await expect(settleInVirtualTime(new Broken({ initial: 'NOTPAY' }))).rejects.toThrow(TypeError);
  });
});

/** A call that ends as calls do when their caller gives up: with an error of its own making at times. */
function hang(signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new WxPayTransportError('aborted')));
  });
}
