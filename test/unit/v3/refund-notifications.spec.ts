import { describe, expect, it } from '@jest/globals';
import { WxPayProtocolError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { shopReader, toShop } from '../../support/harness/shop-notifications.js';

const reader = shopReader();
const ABOUT_REFUND = { eventType: 'REFUND.SUCCESS', originalType: 'refund' };
const REFUND = {
  mchid: '1900000001',
  refund_id: '50',
  out_refund_no: 'R1',
  transaction_id: '42',
  out_trade_no: 'T1',
  refund_status: 'SUCCESS',
  success_time: '2026-06-01T20:00:00+08:00',
  amount: { total: 100, refund: 30 },
};

describe('V3NotificationReader, reading a notification of a refund', () => {
  it('decodes a refund, of a sub-merchant, too', async () => {
    const named = { sp_mchid: '1900000001', sub_mchid: '1900000109' };

    const direct = await reader.read(toShop({ ...ABOUT_REFUND, resource: REFUND }));
    const partner = await reader.read(
      toShop({ ...ABOUT_REFUND, resource: { ...REFUND, mchid: undefined, ...named } }),
    );

    expect(direct).toMatchObject({ originalType: 'refund', eventType: 'REFUND.SUCCESS', signed: true });
    expect(direct.resource).toEqual({
      refundId: '50',
      outRefundNo: 'R1',
      transactionId: '42',
      outTradeNo: 'T1',
      status: 'SUCCESS',
      amount: { total: 100, refund: 30 },
      successTime: new Date('2026-06-01T12:00:00Z'),
    });
    expect(partner.resource).toMatchObject({ outRefundNo: 'R1', subMchid: '1900000109' });
  });

  it.each([
    ['no status', { refund_status: undefined, status: 'SUCCESS' }, '$.resource.refund_status'],
    ['no number', { out_refund_no: undefined }, '$.resource.out_refund_no'],
    ['no amount', { amount: undefined }, '$.resource.amount'],
    ['another merchant', { mchid: '1900000009' }, '$.resource.mchid'],
  ])('refuses a refund with %s', async (_, change, path) => {
    const refund = toShop({ ...ABOUT_REFUND, resource: { ...REFUND, ...change } });

    const error = await failureOf(WxPayProtocolError, reader.read(refund));

    expect(error.path).toBe(path);
  });

  it('passes on what is called a refund, but names none, as JSON', async () => {
    const resource = { mchid: '1900000001', plate_number: 'A1' };

    const notification = await reader.read(toShop({ ...ABOUT_REFUND, resource }));

    expect(notification).toMatchObject({ originalType: 'other-refund', resource });
  });
});
