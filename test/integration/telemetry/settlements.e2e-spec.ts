import { describe, expect, it } from '@jest/globals';
import { OrderSweepService, WXPAY_CHANNELS, WxPayInputError, type SettlementEvent } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { recordEvents } from '../../support/harness/recorded-events.js';
import { useTwoHosts } from '../../support/harness/two-hosts.js';

const hosts = useTwoHosts();
const events = recordEvents<SettlementEvent>(WXPAY_CHANNELS.settlement);
const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);

describe('the channel of settlements', () => {
  it('publishes the outcome of a settlement and its lateness', async () => {
    const { name, orderSettle } = hosts.merchantWith();

    await orderSettle.settle({ outTradeNo: 'T1' }, { expiresAt: minutesAgo(2) });

    expect(events).toMatchObject([{ merchant: name, outTradeNo: 'T1', outcome: 'closed' }]);
    expect(Number(events[0]?.latenessMs)).toBeGreaterThanOrEqual(120_000);
    expect(Number(events[0]?.latenessMs)).toBeLessThan(130_000);
  });

  it('publishes no lateness without an expiry, or before it', async () => {
    const { name, orderSettle } = hosts.merchantWith();
    hosts.main.orders.pay('T1');

    await orderSettle.settle({ outTradeNo: 'T1' });
    await orderSettle.settle({ outTradeNo: 'T1' }, { expiresAt: minutesAgo(-2) });

    expect(events).toEqual([
      { merchant: name, outTradeNo: 'T1', outcome: 'paid' },
      { merchant: name, outTradeNo: 'T1', outcome: 'paid' },
    ]);
  });

  it('publishes no lateness of an order that has to be settled again', async () => {
    const { name, orderSettle } = hosts.merchantWith();

    await orderSettle.settle(
      { outTradeNo: 'T1', subMchid: '1900000109' },
      { createdAt: minutesAgo(1), expiresAt: minutesAgo(0.5) },
    );

    expect(events).toEqual([
      { merchant: name, outTradeNo: 'T1', subMchid: '1900000109', outcome: 'too-young' },
    ]);
  });

  it('publishes nothing for a call that is refused before anything is sent', async () => {
    const settling = hosts
      .merchantWith()
      .orderSettle.settle({ outTradeNo: 'T1' }, { expiresAt: new Date(Number.NaN) });

    const error = await failureOf(WxPayInputError, settling);

    expect(error.field).toBe('expiresAt');
    expect(events).toEqual([]);
  });

  it('publishes each order that a sweep settles, after its expiry and before', async () => {
    const { name: merchant } = hosts.merchantWith();
    hosts.main.orders.create({ outTradeNo: 'T2', amount: { total: 1 } });
    hosts.main.orders.pay('T2');
    hosts.main.orders.create({ outTradeNo: 'T3', amount: { total: 1 } });
    const open = [
      { merchant, ref: { outTradeNo: 'T1' }, createdAt: minutesAgo(40), expiresAt: minutesAgo(10) },
      { merchant, ref: { outTradeNo: 'T2' }, createdAt: minutesAgo(40), expiresAt: minutesAgo(-10) },
      { merchant, ref: { outTradeNo: 'T3' }, createdAt: minutesAgo(40), expiresAt: minutesAgo(-10) },
    ];

    const sweeps = new OrderSweepService(hosts.merchants.access());
    for await (const _ of sweeps.sweep(open, { concurrency: 1 }));

    expect(events).toEqual([
      { merchant, outTradeNo: 'T1', outcome: 'closed', latenessMs: expect.any(Number) },
      { merchant, outTradeNo: 'T2', outcome: 'paid' },
    ]);
  });
});
