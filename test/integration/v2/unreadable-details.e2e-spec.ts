import { describe, expect, it } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { WXPAY_CHANNELS } from '../../../lib/telemetry/channels.js';
import { useV2Sandbox } from '../../support/harness/v2-sandbox.js';

const sandbox = useV2Sandbox();

describe('V2Pipeline, receiving a paid order with unreadable details', () => {
  it('returns it as paid, and reports the paths', async () => {
    const told: unknown[] = [];
    const listen = (event: unknown) => void told.push(event);
    subscribe(WXPAY_CHANNELS.fieldsLeftOut, listen);
    sandbox.server.orders.set('T1', {
      trade_state: 'SUCCESS',
      total_fee: '990',
      cash_fee: '9.90',
      time_end: 'yesterday',
      coupon_id_0: '10000',
      promotion_detail: '[]',
    });

    const order = await sandbox.orders.query({ outTradeNo: 'T1' });

    unsubscribe(WXPAY_CHANNELS.fieldsLeftOut, listen);
    expect(order).toMatchObject({ tradeState: 'SUCCESS', amount: { total: 990, currency: 'CNY' } });
    expect(order.raw).toMatchObject({ cash_fee: '9.90', coupon_id_0: '10000' });
    expect(told).toEqual([
      {
        merchant: 'default',
        operation: 'order.query',
        outTradeNo: 'T1',
        paths: ['$.time_end', '$.cash_fee', '$.coupon_fee_0'],
      },
    ]);
  });
});
