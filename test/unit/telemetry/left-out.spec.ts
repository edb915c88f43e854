import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WXPAY_CHANNELS } from '../../../lib/telemetry/channels.js';
import { LeftOut } from '../../../lib/telemetry/left-out.js';

const ORDER = { merchant: 'eu', operation: 'order.query', outTradeNo: 'T1' };
const events: unknown[] = [];
const record = (event: unknown): void => void events.push(event);

describe('LeftOut', () => {
  beforeEach(() => subscribe(WXPAY_CHANNELS.fieldsLeftOut, record));
  afterEach(() => {
    unsubscribe(WXPAY_CHANNELS.fieldsLeftOut, record);
    events.length = 0;
  });

  it('tells merchant, operation, order number and places', () => {
    const leftOut = new LeftOut();
    leftOut.add('$.payer');
    leftOut.add('$.promotion_detail[0].amount');

    leftOut.publish(ORDER);

    expect(events).toEqual([{ ...ORDER, paths: ['$.payer', '$.promotion_detail[0].amount'] }]);
  });

  it('tells nothing of an order that was read in full', () => {
    new LeftOut().publish(ORDER);

    expect(events).toEqual([]);
  });

  it('tells nothing but these four, though the order is passed as it is', () => {
    const leftOut = new LeftOut();
    leftOut.add('$.payer');

    leftOut.publish({ ...ORDER, payer: { openid: 'personal' } } as typeof ORDER);

    expect(events).toEqual([{ ...ORDER, paths: ['$.payer'] }]);
  });
});
