import { describe, expect, it } from '@jest/globals';
import type { Reader } from '../../../lib/v3/json.js';
import type { Order } from '../../../lib/domain/order.js';
import { decodeOrder, decodePartnerOrder } from '../../../lib/v3/decode-order.js';
import { haveSameShape } from '../../support/assertions/same-shape.js';

const PAID = {
  out_trade_no: 'A1',
  trade_state: 'SUCCESS',
  amount: { total: 100, payer_total: 100, currency: 'CNY', payer_currency: 'CNY' },
};

describe('decoded orders', () => {
  it.each<[string, Reader<Order>, object]>([
    ['a merchant', decodeOrder, { ...PAID, mchid: '1900000001' }],
    ['a sub-merchant', decodePartnerOrder, { ...PAID, sp_mchid: '1900000001', sub_mchid: '1900000109' }],
  ])('of %s share one hidden class, as do their amounts', (_, decode, json) => {
    const orders = Array.from({ length: 20 }, () => decode(json, '$'));
    const [last, before] = [orders.at(-1), orders.at(-2)] as [Order, Order];

    expect(haveSameShape(last, before)).toBe(true);
    expect(haveSameShape(last.amount ?? {}, before.amount ?? {})).toBe(true);
  });
});
