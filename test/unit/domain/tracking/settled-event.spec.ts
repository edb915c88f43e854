import { describe, expect, it } from '@jest/globals';
import { orderKey, settledEvent } from 'nestjs-wxpay';
import { orderIn, trackedOrder } from '../../../support/fixtures/tracked-orders.js';

describe('settledEvent', () => {
  it('contains the order without personal data', () => {
    const order = orderIn('SUCCESS', {
      transactionId: '4200000001',
      successTime: new Date('2026-06-01T12:01:00Z'),
      attach: 'table 7',
    });

    expect(settledEvent(trackedOrder(), { outcome: 'paid', refunded: false, order })).toEqual({
      key: 'default///T20260601/paid',
      orderKey: 'default///T20260601',
      merchant: 'default',
      ref: { outTradeNo: 'T20260601' },
      outcome: 'paid',
      order: {
        mchid: '1900000001',
        outTradeNo: 'T20260601',
        transactionId: '4200000001',
        tradeState: 'SUCCESS',
        successTime: new Date('2026-06-01T12:01:00Z'),
        amount: { total: 100, currency: 'CNY' },
      },
    });
  });

  it('has another key for each merchant, sub-merchant, order and outcome', () => {
    const ref = { outTradeNo: 'A', subMchid: '1' };
    const keys = [
      settledEvent({ ref }, { outcome: 'paid' }),
      settledEvent({ ref }, { outcome: 'closed' }),
      settledEvent({ ref, merchant: 'eu' }, { outcome: 'paid' }),
      settledEvent({ ref: { outTradeNo: 'A' } }, { outcome: 'paid' }),
      settledEvent({ ref: { outTradeNo: 'B', subMchid: '1' } }, { outcome: 'paid' }),
    ].map(({ key }) => key);

    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has the same key of the order as a notification, whatever the outcome', () => {
    const ref = { outTradeNo: 'A', subMchid: '1' };

    const orderKeys = (['paid', 'closed'] as const).map(
      (outcome) => settledEvent({ ref, merchant: 'eu' }, { outcome }).orderKey,
    );

    const notified = { mchid: '1900000001', ...ref };
    expect(orderKeys).toEqual([orderKey('eu', notified), orderKey('eu', notified)]);
  });

  it('is the same if it is made from its own order', () => {
    const first = settledEvent(trackedOrder(), {
      outcome: 'paid',
      refunded: true,
      order: orderIn('REFUND', { subMchid: '1900000009' }),
    });

    expect(settledEvent(trackedOrder(), first)).toEqual(first);
    expect(first).toMatchObject({ refunded: true, order: { subMchid: '1900000009' } });
  });
});
