import { beforeEach, describe, expect, it } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import {
  checkTrackedOrder,
  OrderSweepService,
  WxPayConfigError,
  WxPayInputError,
  WxPayTransportError,
  type SweepOptions,
  type TrackedOrder,
} from 'nestjs-wxpay';
import { eventually } from '../../../support/assertions/eventually.js';
import { outcomeOf } from '../../../support/assertions/outcome-of.js';
import { PLACED_AT, secondsAfter, trackedOrder } from '../../../support/fixtures/tracked-orders.js';
import { refusal } from '../../../support/servers/counting-gateway.js';
import { lineOf, linesOf, ShopOfOrders, type Before } from '../../../support/servers/shop-of-orders.js';

/** An order that has not expired at the time of the shop. */
const young = (outTradeNo: string, merchant?: string): TrackedOrder =>
  trackedOrder({ ref: { outTradeNo }, expiresAt: secondsAfter(7_200), merchant });
/** An order that has expired at that time. */
const expired = (outTradeNo: string, merchant?: string): TrackedOrder =>
  trackedOrder({ ref: { outTradeNo }, expiresAt: secondsAfter(1_800), merchant });
const untilAborted: Before = (_, signal) =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
  });

let shop: ShopOfOrders;
beforeEach(() => {
  shop = new ShopOfOrders();
  shop.now = () => secondsAfter(3_600).getTime();
});

describe('OrderSweepService.sweep', () => {
  it.each([
    ['NOTPAY', 'NOTPAY'],
    ['USERPAYING', 'USERPAYING'],
    ['SUCCESS', 'paid'],
    ['REFUND', 'paid'],
    ['CLOSED', 'closed'],
    ['REVOKED', 'closed'],
  ])('queries an order before it expires, and reports %s as %s', async (tradeState, expected) => {
    shop.states.set('T1', tradeState);

    const lines = await linesOf(shop.sweep([young('T1')]));

    expect(lines).toEqual([`T1 ${expected}`]);
    expect(shop.calls).toEqual(['default query T1']);
  });

  it('settles an order that has expired', async () => {
    const lines = await linesOf(shop.sweep([expired('T1')]));

    expect(lines).toEqual(['T1 closed']);
    expect(shop.calls).toEqual(['default query T1', 'default close T1', 'default query T1']);
  });

  it('settles at the very moment of the expiry, not before', async () => {
    const orders = [3_600, 3_600.001].map((seconds, i) =>
      trackedOrder({ ref: { outTradeNo: `T${i}` }, expiresAt: secondsAfter(seconds) }),
    );

    const lines = await linesOf(shop.sweep(orders, { concurrency: 1 }));

    expect(lines).toEqual(['T0 closed', 'T1 NOTPAY']);
  });

  it('does not close an expired order that is younger than minOrderAgeMs', async () => {
    const order = trackedOrder({ createdAt: secondsAfter(3_500), expiresAt: secondsAfter(3_560) });

    const outcome = await shop.sweep([order]).next();

    expect(outcome.value).toMatchObject({
      settlement: { outcome: 'too-young', retryAt: secondsAfter(3_800) },
    });
    expect(shop.calls).toEqual(['default query T20260601']);
  });

  it('asks the merchant of each order', async () => {
    await linesOf(shop.sweep([young('T1', 'eu'), young('T1'), young('T2', 'default')], { concurrency: 1 }));

    expect(shop.calls).toEqual(['eu query T1', 'default query T1', 'default query T2']);
  });

  it('returns the very object of the source, whose other members it ignores', async () => {
    const row = { ...young('T1'), id: 42n, checks: 3 };

    for await (const { order } of shop.sweep([row])) {
      expect(order).toBe(row);
      expect(order.id).toBe(42n);
    }
  });

  it('copies a row before it waits, because a cursor may reuse it', async () => {
    const row = { ref: { outTradeNo: '' }, createdAt: PLACED_AT, expiresAt: secondsAfter(7_200) };
    function* cursor(): Generator<TrackedOrder> {
      for (const outTradeNo of ['T1', 'T2', 'T3']) {
        row.ref.outTradeNo = outTradeNo;
        yield row;
      }
    }

    await linesOf(shop.sweep(cursor()));

    expect(shop.calls).toEqual(['default query T1', 'default query T2', 'default query T3']);
  });

  it('reports failures and malformed rows as outcomes, and continues', async () => {
    shop.before = (outTradeNo) => {
      if (outTradeNo === 'T1') throw refusal('ORDER_NOT_EXIST');
      if (outTradeNo === 'T2') throw new WxPayTransportError('No host replied.');
    };
    // Rows from JavaScript may be anything.
    const rows = [
      young('T1'),
      expired('T2'),
      young('../x'),
      young('T3', 'us'),
      { ...young('T4'), expiresAt: undefined } as unknown as TrackedOrder,
      null as unknown as TrackedOrder,
      young('T5'),
    ];

    const lines = await linesOf(shop.sweep(rows));

    expect(lines.toSorted()).toEqual([
      '../x WXPAY_INPUT',
      'T1 ORDER_NOT_EXIST',
      'T2 unresolved',
      'T3 WXPAY_CONFIG',
      'T4 WXPAY_INPUT',
      'T5 NOTPAY',
      'undefined WXPAY_INPUT',
    ]);
  });

  it('names the merchant that is not registered', async () => {
    const { value } = await shop.sweep([young('T1', 'us')]).next();

    expect(value?.error).toBeInstanceOf(WxPayConfigError);
    expect(value?.error?.message).toContain('"us"');
  });

  it('reads no more orders than it has room for', async () => {
    let taken = 0;
    function* orders(): Generator<TrackedOrder> {
      while (taken < 1_000) yield young(`T${++taken}`);
    }
    let [reported, ahead] = [0, 0];

    for await (const { state } of shop.sweep(orders(), { concurrency: 4 })) {
      if (state !== undefined) reported++;
      ahead = Math.max(ahead, taken - reported);
    }

    expect(reported).toBe(1_000);
    expect(ahead).toBeLessThanOrEqual(4);
  });

  it('closes the source when the consumer leaves', async () => {
    let isClosed = false;
    function* orders(): Generator<TrackedOrder> {
      try {
        for (let number = 1; ; number++) yield young(`T${number}`);
      } finally {
        isClosed = true;
      }
    }

    for await (const outcome of shop.sweep(orders())) {
      expect(lineOf(outcome)).toBe('T1 NOTPAY');
      break;
    }

    expect(isClosed).toBe(true);
  });

  it('throws the reason of a caller who aborts', async () => {
    const caller = new AbortController();
    shop.before = untilAborted;
    const sweeping = expect(linesOf(shop.sweep([young('T1')], { signal: caller.signal }))).rejects.toBe(
      'enough',
    );
    await eventually(() => expect(shop.calls).toHaveLength(1));

    caller.abort('enough');

    await sweeping;
  });

  it('ends with an error when the app is closed', async () => {
    shop.before = untilAborted;
    const sweeping = linesOf(shop.sweep([young('T1')]));
    const failure = expect(sweeping).rejects.toMatchObject({
      name: 'WxPayTransportError',
      message: expect.stringMatching(/^A sweep of orders was stopped, because the app was closed\./),
    });
    await eventually(() => expect(shop.calls).toHaveLength(1));

    shop.closing.abort();

    await failure;
  });

  it.each<[field: string, open: unknown, options: unknown]>([
    ['open', 'T1', {}],
    ['open', { ref: { outTradeNo: 'T1' } }, {}],
    ['concurrency', [], { concurrency: 0 }],
    ['signal', [], { signal: 'now' }],
    ['options', [], null],
  ])('refuses a malformed %s at the call', (field, open, options) => {
    const error = outcomeOf(() => shop.sweep(open as Iterable<TrackedOrder>, options as SweepOptions));

    expect(error).toMatchObject({ name: 'WxPayInputError', field });
  });

  it('keeps no listener before the first step', async () => {
    const { signal } = new AbortController();

    shop.sweep([young('T1')], { signal });
    await setImmediate();

    expect([signal, shop.closing.signal].flatMap((each) => getEventListeners(each, 'abort'))).toEqual([]);
    expect(shop.calls).toEqual([]);
  });

  it('names the module that provides it if an app lists it in providers', () => {
    const Service = OrderSweepService as unknown as new () => OrderSweepService;

    expect(() => new Service()).toThrow(/^OrderSweepService is provided by WxPayModule/);
  });
});

describe('an order that a sweep accepts', () => {
  it('is one that checkTrackedOrder accepts', async () => {
    const order = { ...young('T1'), createdAt: new Date(NaN) };

    const { value } = await shop.sweep([order]).next();

    expect(value?.error).toBeInstanceOf(WxPayInputError);
    expect(() => checkTrackedOrder(order, new Date(shop.now()))).toThrow(value?.error?.message);
  });
});
