import { beforeEach, describe, expect, it } from '@jest/globals';
import { MockCombineOrders } from '../../../../lib/testing/orders/combine-orders.js';
import type { NewMockCombineSubOrder } from '../../../../lib/testing/orders/mock-combine-order.js';

const NOW = Date.UTC(2026, 10, 21, 12);
const PARTS = [
  { outTradeNo: 'A1', amount: { total: 100 } },
  { outTradeNo: 'A2', amount: { total: 200 }, mchid: '1900000002' },
];
let orders: MockCombineOrders;

beforeEach(() => {
  orders = new MockCombineOrders({ mchid: '1900000001', appid: 'wx1', now: () => NOW });
  orders.create({ combineOutTradeNo: 'C1', subOrders: PARTS });
});

const part = (outTradeNo: string, total = 1): NewMockCombineSubOrder => ({ outTradeNo, amount: { total } });
const stateOf = (no: string) => orders.get(no)?.subOrders.map(({ tradeState }) => tradeState);

describe('MockCombineOrders.create', () => {
  it('creates an unpaid combine order', () => {
    expect(orders.get('C1')).toEqual({
      combineAppid: 'wx1',
      combineMchid: '1900000001',
      combineOutTradeNo: 'C1',
      subOrders: [
        {
          mchid: '1900000001',
          outTradeNo: 'A1',
          tradeType: 'JSAPI',
          tradeState: 'NOTPAY',
          amount: { totalAmount: 100, currency: 'CNY' },
        },
        {
          mchid: '1900000002',
          outTradeNo: 'A2',
          tradeType: 'JSAPI',
          tradeState: 'NOTPAY',
          amount: { totalAmount: 200, currency: 'CNY' },
        },
      ],
      createdAt: new Date(NOW),
    });
    expect(orders.list()).toEqual([orders.get('C1')]);
  });

  it.each<[string, string, readonly NewMockCombineSubOrder[], string]>([
    ['a taken number', 'C1', [part('B1'), part('B2')], 'Combine order "C1" exists already.'],
    ['a malformed number', '../C', [part('B1'), part('B2')], 'Order number "../C" is malformed.'],
    ['a malformed part', 'C2', [part('B1'), part('')], 'Order number "" is malformed.'],
    ['an amount in yuan', 'C2', [part('B1'), part('B2', 1.5)], 'Order "B2" needs amount.total'],
    ['one part', 'C2', [part('B1')], 'Combine order "C2" needs 2 to 50 sub-orders.'],
    [
      '51 parts',
      'C2',
      Array.from({ length: 51 }, (_, i) => part(`B${i}`)),
      'Combine order "C2" needs 2 to 50 sub-orders.',
    ],
    ['a part twice', 'C2', [part('B1'), part('B1')], 'Sub-order "B1" exists already.'],
    ['a part of another order', 'C2', [part('B1'), part('A1')], 'Sub-order "A1" exists already.'],
  ])('refuses %s', (_, combineOutTradeNo, subOrders, message) => {
    expect(() => orders.create({ combineOutTradeNo, subOrders })).toThrow(message);
    expect(orders.list()).toHaveLength(1);
  });

  it('accepts a sub-order number that another merchant uses', () => {
    const subOrders = [part('B1'), part('A2')];

    expect(orders.create({ combineOutTradeNo: 'C2', subOrders }).subOrders).toHaveLength(2);
  });
});

describe('MockCombineOrders', () => {
  it('pays all sub-orders together, each with its own transaction number', () => {
    const { subOrders, combineTransactionId } = orders.pay('C1');

    const numbers = [combineTransactionId, ...subOrders.map(({ transactionId }) => transactionId)];
    expect(new Set(numbers).size).toBe(3);
    expect(stateOf('C1')).toEqual(['SUCCESS', 'SUCCESS']);
    expect(subOrders[0]?.amount).toEqual({
      totalAmount: 100,
      payerAmount: 100,
      currency: 'CNY',
      payerCurrency: 'CNY',
    });
  });

  it('refunds one sub-order, then the other', () => {
    orders.pay('C1');

    orders.refund('C1', 'A2');
    const first = stateOf('C1');
    orders.refund('C1', 'A1');

    expect([first, stateOf('C1')]).toEqual([
      ['SUCCESS', 'REFUND'],
      ['REFUND', 'REFUND'],
    ]);
  });

  it('closes all sub-orders together, also a second time', () => {
    orders.close('C1');
    orders.close('C1');

    expect(stateOf('C1')).toEqual(['CLOSED', 'CLOSED']);
  });

  it.each<[string, (all: MockCombineOrders) => unknown, (all: MockCombineOrders) => unknown, string]>([
    [
      'paying twice',
      (o) => o.pay('C1'),
      (o) => o.pay('C1'),
      'Combine order "C1" cannot be paid: it is SUCCESS.',
    ],
    ['paying a closed one', (o) => o.close('C1'), (o) => o.pay('C1'), 'cannot be paid: it is CLOSED.'],
    ['closing a paid one', (o) => o.pay('C1'), (o) => o.close('C1'), 'cannot be closed: it is SUCCESS.'],
    [
      'closing one that was refunded in part',
      (o) => [o.pay('C1'), o.refund('C1', 'A1')],
      (o) => o.close('C1'),
      'cannot be closed: it is REFUND.',
    ],
    [
      'refunding an unpaid one',
      () => undefined,
      (o) => o.refund('C1', 'A1'),
      'cannot be refunded: it is NOTPAY.',
    ],
    [
      'refunding an unknown part',
      (o) => o.pay('C1'),
      (o) => o.refund('C1', 'B1'),
      'Combine order "C1" has no sub-order "B1".',
    ],
    ['paying an unknown one', () => undefined, (o) => o.pay('C2'), 'There is no combine order "C2".'],
  ])('refuses %s', (_, before, attempt, message) => {
    before(orders);
    const state = stateOf('C1');

    expect(() => attempt(orders)).toThrow(message);
    expect(stateOf('C1')).toEqual(state);
  });

  it('returns immutable orders', () => {
    const before = orders.get('C1');

    orders.pay('C1');

    expect(before?.subOrders[0]?.tradeState).toBe('NOTPAY');
    expect([Object.isFrozen(before), Object.isFrozen(before?.subOrders)]).toEqual([true, true]);
    expect(before?.subOrders.every((each) => Object.isFrozen(each))).toBe(true);
  });
});
