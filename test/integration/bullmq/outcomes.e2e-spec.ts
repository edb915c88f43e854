import { expect, it } from '@jest/globals';
import { WXPAY_CHANNELS, type SettlementEvent } from 'nestjs-wxpay';
import { eventually } from '../../support/assertions/eventually.js';
import { recordEvents } from '../../support/harness/recorded-events.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';

const sandbox = useTracking();
const settlements = recordEvents<SettlementEvent>(WXPAY_CHANNELS.settlement);

describeWithRedis('OrderTracker', () => {
  it('delivers `paid` for a paid order', async () => {
    const { tracker, told } = await sandbox.start();
    sandbox.gateway.orders.create({ outTradeNo: 'PAID-1', amount: { total: 100 } });
    sandbox.gateway.orders.pay('PAID-1', { transactionId: '4200000000000000000000000001' });

    await tracker.track(orderOf('PAID-1'));

    await eventually(() => expect(told).toHaveLength(1));
    expect(told[0]).toEqual({
      key: 'default///PAID-1/paid',
      orderKey: 'default///PAID-1',
      merchant: 'default',
      ref: { outTradeNo: 'PAID-1' },
      outcome: 'paid',
      order: {
        mchid: '1900000001',
        outTradeNo: 'PAID-1',
        transactionId: '4200000000000000000000000001',
        tradeState: 'SUCCESS',
        successTime: expect.any(Date),
        amount: { total: 100, currency: 'CNY' },
      },
    });
  });

  it('publishes an outcome once, with the lateness of an order that had expired', async () => {
    const { tracker, told } = await sandbox.start();
    for (const outTradeNo of ['PAID-2', 'OPEN-2']) {
      sandbox.gateway.orders.create({ outTradeNo, amount: { total: 100 } });
    }
    sandbox.gateway.orders.pay('PAID-2');

    await tracker.track(orderOf('PAID-2'));
    await eventually(() => expect(told).toHaveLength(1));
    await tracker.track(orderOf('OPEN-2', { livesMs: 60_000 }));
    await eventually(() => expect(told).toHaveLength(2));

    expect(settlements).toEqual([
      { merchant: 'default', outTradeNo: 'PAID-2', outcome: 'paid' },
      { merchant: 'default', outTradeNo: 'OPEN-2', outcome: 'closed', latenessMs: expect.any(Number) },
    ]);
  });

  it('delivers `refunded` for a paid order that is being refunded', async () => {
    const { tracker, told } = await sandbox.start();
    sandbox.gateway.orders.create({ outTradeNo: 'BACK-1', amount: { total: 100 } });
    sandbox.gateway.orders.pay('BACK-1');
    sandbox.gateway.orders.refund('BACK-1');

    await tracker.track(orderOf('BACK-1'));

    await eventually(() => expect(told).toMatchObject([{ outcome: 'paid', refunded: true }]));
  });

  it('closes an order at its expiry and tells it', async () => {
    const { tracker, told } = await sandbox.start();
    sandbox.gateway.orders.create({ outTradeNo: 'OPEN-1', amount: { total: 100 } });

    await tracker.track(orderOf('OPEN-1', { livesMs: 60_000 }));

    await eventually(() =>
      expect(told).toMatchObject([{ key: 'default///OPEN-1/closed', outcome: 'closed' }]),
    );
    expect(sandbox.gateway.orders.get('OPEN-1')).toMatchObject({ tradeState: 'CLOSED' });
  });

  it('delivers `paid` if the customer pays while the order is being closed', async () => {
    const { tracker, told } = await sandbox.start();
    sandbox.gateway.orders.create({ outTradeNo: 'RACE-1', amount: { total: 100 } });
    sandbox.gateway.next({ fault: 'pay-during-close', when: { operation: 'order.close' }, moment: 'before' });

    await tracker.track(orderOf('RACE-1', { livesMs: 60_000 }));

    await eventually(() =>
      expect(told).toMatchObject([{ outcome: 'paid', order: { tradeState: 'SUCCESS' } }]),
    );
  });

  it('delivers `not-found` for an unknown order, but only at its expiry', async () => {
    const { tracker, told } = await sandbox.start();

    await tracker.track(orderOf('NONE-1', { livesMs: 60_000 }));
    await tracker.track(orderOf('NONE-2'));

    await eventually(() =>
      expect(told).toMatchObject([{ ref: { outTradeNo: 'NONE-1' }, outcome: 'not-found' }]),
    );
    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'NONE-2' })).toMatchObject({
        phase: 'watching',
        checks: 1,
        failures: 0,
      }),
    );
    expect(told[0]).not.toHaveProperty('order');
  });

  it('delivers `reverse-required` for an open 付款码 order', async () => {
    const { tracker, told } = await sandbox.start();
    sandbox.gateway.orders.create({ outTradeNo: 'CODE-1', amount: { total: 100 }, tradeType: 'MICROPAY' });

    await tracker.track(orderOf('CODE-1', { livesMs: 60_000 }));

    await eventually(() => expect(told).toMatchObject([{ outcome: 'reverse-required' }]));
  });

  it('does not close an order that is too young, and settles it later', async () => {
    const { tracker, told } = await sandbox.start({ merchant: { minOrderAgeMs: 2_000 } });
    sandbox.gateway.orders.create({ outTradeNo: 'YOUNG-1', amount: { total: 100 } });

    await tracker.track(orderOf('YOUNG-1', { ageMs: 1_000, livesMs: 500 }));

    await eventually(async () =>
      expect(await tracker.peek({ outTradeNo: 'YOUNG-1' })).toMatchObject({ phase: 'settling', checks: 1 }),
    );
    expect(sandbox.gateway.orders.get('YOUNG-1')).toMatchObject({ tradeState: 'NOTPAY' });
    await eventually(() => expect(told).toMatchObject([{ outcome: 'closed' }]));
  });
});
