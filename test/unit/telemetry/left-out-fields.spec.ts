import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WXPAY_CHANNELS } from '../../../lib/telemetry/channels.js';
import { LeftOutFields } from '../../../lib/telemetry/left-out-fields.js';

const CALL = { merchant: 'eu', operation: 'order.query' };
const ORDER = { outTradeNo: 'T1' };
const events: unknown[] = [];
const record = (event: unknown): void => void events.push(event);

describe('LeftOutFields', () => {
  beforeEach(() => subscribe(WXPAY_CHANNELS.fieldsLeftOut, record));
  afterEach(() => {
    unsubscribe(WXPAY_CHANNELS.fieldsLeftOut, record);
    events.length = 0;
  });

  it('publishes merchant, operation, order number and paths', () => {
    const leftOut = new LeftOutFields();
    leftOut.add('$.payer');
    leftOut.add('$.promotion_detail[0].amount');

    leftOut.publish(CALL, ORDER);

    expect(events).toEqual([{ ...CALL, ...ORDER, paths: ['$.payer', '$.promotion_detail[0].amount'] }]);
  });

  it('publishes the sub-merchant, because each numbers its own orders', () => {
    const leftOut = new LeftOutFields();
    leftOut.add('$.payer');

    leftOut.publish(CALL, { ...ORDER, subMchid: '1900000109' });

    expect(events).toEqual([{ ...CALL, ...ORDER, subMchid: '1900000109', paths: ['$.payer'] }]);
  });

  it('publishes nothing if no field was left out', () => {
    new LeftOutFields().publish(CALL, ORDER);

    expect(events).toEqual([]);
  });

  it('publishes these four fields only, even if the order has more', () => {
    const leftOut = new LeftOutFields();
    leftOut.add('$.payer');

    leftOut.publish(CALL, { ...ORDER, payer: { openid: 'personal' } } as typeof ORDER);

    expect(events).toEqual([{ ...CALL, ...ORDER, paths: ['$.payer'] }]);
  });
});
