import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { orderKey, refundKey, settledEvent } from 'nestjs-wxpay';
import { orderJobId, queueNameOf, queueTokenOf, refundJobId } from '../../../lib/bullmq/job-id.js';
import { placeOf } from '../../../lib/bullmq/parked-jobs.js';

const number = fc.stringMatching(/^[0-9A-Za-z_\-|*@]{1,32}$/);
const subMchid = fc.option(fc.stringMatching(/^\d{1,10}$/), { nil: undefined });
const orders = fc.record({ outTradeNo: number, subMchid });
const merchants = fc.string({ minLength: 1, unit: 'binary' });

describe('the identifier of a job', () => {
  it('differs for different orders, and from those of refunds', () => {
    fc.assert(
      fc.property(orders, orders, (one, other) => {
        const isSame = one.outTradeNo === other.outTradeNo && one.subMchid === other.subMchid;
        expect(orderJobId(one) === orderJobId(other)).toBe(isSame);
        expect(refundJobId({ ...other, outRefundNo: other.outTradeNo })).not.toBe(orderJobId(one));
      }),
    );
  });

  it('is neither an integer nor has a colon, as BullMQ demands', () => {
    fc.assert(
      fc.property(orders, (order) => {
        expect(orderJobId(order)).toMatch(/^[a-z]-[^:]+$/);
      }),
    );
  });

  it('is found from the key of its order or refund, and from that of an outcome', () => {
    fc.assert(
      fc.property(orders, fc.uniqueArray(merchants, { minLength: 1 }), fc.nat(), (order, names, index) => {
        const merchant = names[index % names.length] ?? '';
        const refund = { outRefundNo: order.outTradeNo, subMchid: order.subMchid };
        for (const [key, jobId] of [
          [orderKey(merchant, order), orderJobId(order)],
          [settledEvent({ merchant, ref: order }, { outcome: 'not-found' }).key, orderJobId(order)],
          [refundKey(merchant, refund), refundJobId(refund)],
          [`${refundKey(merchant, refund)}/SUCCESS`, refundJobId(refund)],
        ] as const) {
          expect(placeOf(key, names)).toEqual({ merchant, jobId });
        }
      }),
    );
  });
});

describe('the name of a queue', () => {
  it('differs for different merchants, and has no colon and no brace', () => {
    fc.assert(
      fc.property(merchants, merchants, (one, other) => {
        expect(queueNameOf(one)).toMatch(/^wxpay-orders-[\w.~%-]+$/);
        expect(queueNameOf(one) === queueNameOf(other)).toBe(one === other);
      }),
    );
  });

  it('keeps the usual names readable', () => {
    expect(queueNameOf('default')).toBe('wxpay-orders-default');
    expect(queueTokenOf('eu-1')).toBe('BullQueue_wxpay-orders-eu-1');
    expect(queueNameOf("a:b'c\uD800")).toBe('wxpay-orders-a%3Ab%27c%uD800');
  });
});
