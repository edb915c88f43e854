import { beforeEach, describe, expect, it } from '@jest/globals';
import { MockOrders } from '../../../../lib/testing/orders/orders.js';

const NOW = Date.UTC(2026, 10, 21, 12);
let orders: MockOrders;

beforeEach(() => {
  orders = new MockOrders({ mchid: '1900000001', appid: 'wx1', now: () => NOW });
  orders.create({ outTradeNo: 'A1', amount: { total: 100 } });
});

describe('MockOrders.create', () => {
  it('creates an unpaid order', () => {
    const order = orders.create({
      outTradeNo: 'A2',
      amount: { total: 5, currency: 'CNY' },
      attach: 'table 7',
      description: 'tea',
      tradeType: 'NATIVE',
    });

    expect(order).toEqual({
      mchid: '1900000001',
      appid: 'wx1',
      outTradeNo: 'A2',
      tradeState: 'NOTPAY',
      tradeType: 'NATIVE',
      amount: { total: 5, currency: 'CNY' },
      attach: 'table 7',
      description: 'tea',
      createdAt: new Date(NOW),
    });
    expect(orders.get('A2')).toBe(order);
    expect(orders.list().map(({ outTradeNo }) => outTradeNo)).toEqual(['A1', 'A2']);
  });

  it('creates an order with another appid of the merchant', () => {
    expect(orders.create({ outTradeNo: 'A3', amount: { total: 5 }, appid: 'wx2' }).appid).toBe('wx2');
  });

  it.each([
    ['a taken number', 'A1', 100, 'Order "A1" exists already. Use a new number.'],
    ['an empty number', '', 100, 'Order number "" is malformed.'],
    [
      'a number that is too long',
      'x'.repeat(33),
      100,
      'is malformed. Use 1 to 32 characters of 0-9 A-Z a-z _ - | * @.',
    ],
    ['a number that leaves the path', '../A1', 100, 'is malformed'],
    ['no amount', 'A2', 0, 'Order "A2" needs amount.total as a positive integer in fen.'],
    ['an amount in yuan', 'A2', 1.5, 'positive integer'],
  ])('refuses %s', (_, outTradeNo, total, message) => {
    expect(() => orders.create({ outTradeNo, amount: { total } })).toThrow(message);
  });
});

describe('MockOrders.pay', () => {
  it('sets the fields of a paid order', () => {
    const order = orders.pay('A1');

    expect(order).toMatchObject({
      tradeState: 'SUCCESS',
      tradeType: 'JSAPI',
      bankType: 'OTHERS',
      successTime: new Date(NOW),
      amount: { total: 100, payerTotal: 100, currency: 'CNY', payerCurrency: 'CNY' },
      payer: { openid: expect.any(String) },
    });
    expect(order.transactionId).toMatch(/^4200\d{6}20261121\d{10}$/);
    expect(orders.find({ transactionId: order.transactionId })).toBe(order);
  });

  it('uses the given details of the payment', () => {
    const promotionDetail = [{ couponId: '1', amount: 20 }];

    const order = orders.pay('A1', {
      payerTotal: 80,
      openid: 'oAlice',
      bankType: 'ICBC_DEBIT',
      at: new Date(0),
      transactionId: '42',
      tradeType: 'APP',
      promotionDetail,
    });

    expect(order).toMatchObject({
      payer: { openid: 'oAlice' },
      bankType: 'ICBC_DEBIT',
      successTime: new Date(0),
      transactionId: '42',
      tradeType: 'APP',
      promotionDetail,
    });
    expect(order.amount.payerTotal).toBe(80);
  });

  it('issues a unique transaction number for each order', () => {
    orders.create({ outTradeNo: 'A2', amount: { total: 1 } });

    expect(orders.pay('A1').transactionId).not.toBe(orders.pay('A2').transactionId);
  });

  it('rejects a transaction number of another order', () => {
    orders.create({ outTradeNo: 'A2', amount: { total: 1 } });
    orders.pay('A1', { transactionId: '42' });

    expect(() => orders.pay('A2', { transactionId: '42' })).toThrow(
      'Transaction "42" belongs to another order.',
    );
    expect(orders.get('A2')?.tradeState).toBe('NOTPAY');
  });

  it.each(['USERPAYING', 'PAYERROR', 'ACCEPT'])('pays an order that is %s', (state) => {
    orders.setState('A1', state);

    expect(orders.pay('A1').tradeState).toBe('SUCCESS');
  });
});

describe('MockOrders.reverse', () => {
  const place = () => orders.create({ outTradeNo: 'M1', tradeType: 'MICROPAY', amount: { total: 1 } });
  const week = 7 * 86_400_000;

  it.each<[string, () => unknown]>([
    ['an unpaid order', () => undefined],
    ['a closed order', () => orders.close('M1')],
    ['an order paid a week ago', () => orders.pay('M1', { at: new Date(NOW - week) })],
    ['a reversed order, be it long ago', () => [orders.pay('M1', { at: new Date(0) }), revoke()]],
  ])('reverses %s', (_, change) => {
    place();
    change();

    expect(orders.reverse('M1').tradeState).toBe('REVOKED');
  });

  it('keeps the fields of the payment', () => {
    place();
    const { transactionId, payer } = orders.pay('M1');

    expect(orders.reverse('M1')).toMatchObject({ transactionId, payer });
  });

  it.each<[string, () => unknown, string, string]>([
    ['of another kind', () => undefined, 'A1', 'Order "A1" cannot be reversed: it is NOTPAY.'],
    ['that was refunded', () => [orders.pay('M1'), orders.refund('M1')], 'M1', 'it is REFUND.'],
    ['paid too long ago', () => orders.pay('M1', { at: new Date(NOW - week - 1) }), 'M1', 'it is SUCCESS.'],
  ])('refuses an order %s', (_, change, outTradeNo, message) => {
    place();
    change();

    expect(() => orders.reverse(outTradeNo)).toThrow(message);
  });

  const revoke = () => orders.setState('M1', 'REVOKED');
});

describe('MockOrders, with an invalid transition', () => {
  it.each<[string, (all: MockOrders) => unknown, (all: MockOrders) => unknown, string]>([
    ['paying twice', (o) => o.pay('A1'), (o) => o.pay('A1'), 'Order "A1" cannot be paid: it is SUCCESS.'],
    ['paying a closed order', (o) => o.close('A1'), (o) => o.pay('A1'), 'cannot be paid: it is CLOSED.'],
    [
      'paying a reversed order',
      (o) => o.setState('A1', 'REVOKED'),
      (o) => o.pay('A1'),
      'cannot be paid: it is REVOKED.',
    ],
    ['closing a paid order', (o) => o.pay('A1'), (o) => o.close('A1'), 'cannot be closed: it is SUCCESS.'],
    [
      'closing a reversed order',
      (o) => o.setState('A1', 'REVOKED'),
      (o) => o.close('A1'),
      'cannot be closed: it is REVOKED.',
    ],
    [
      'refunding an unpaid order',
      () => undefined,
      (o) => o.refund('A1'),
      'cannot be refunded: it is NOTPAY.',
    ],
    [
      'paying by setState',
      () => undefined,
      (o) => o.setState('A1', 'SUCCESS'),
      'setState does not pay "A1". Use pay() and then refund().',
    ],
    [
      'paying an unknown order',
      () => undefined,
      (o) => o.pay('B1'),
      'There is no order "B1". Place it with create().',
    ],
  ])('refuses %s', (_, before, attempt, message) => {
    before(orders);
    const state = orders.get('A1')?.tradeState;

    expect(() => attempt(orders)).toThrow(message);
    expect(orders.get('A1')?.tradeState).toBe(state);
  });
});

describe('MockOrders', () => {
  it('refunds a paid order repeatedly', () => {
    orders.pay('A1');

    const states = [orders.refund('A1').tradeState, orders.refund('A1').tradeState];

    expect(states).toEqual(['REFUND', 'REFUND']);
  });

  it('closes a closed order without changing it', () => {
    const closed = orders.close('A1');

    expect(orders.close('A1')).toEqual(closed);
  });

  it('returns immutable orders', () => {
    const before = orders.get('A1');

    orders.pay('A1');

    expect(before?.tradeState).toBe('NOTPAY');
    expect(Object.isFrozen(before)).toBe(true);
  });
});
