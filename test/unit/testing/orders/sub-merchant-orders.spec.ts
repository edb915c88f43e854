import { beforeEach, describe, expect, it } from '@jest/globals';
import { MockOrders } from '../../../../lib/testing/orders/orders.js';

const SUB = '1900000109';
const OTHER = '1900000110';
let orders: MockOrders;

beforeEach(() => {
  orders = new MockOrders({ mchid: '1900000001', appid: 'wx1', now: () => 0 });
});

const place = (subMchid?: string) => orders.create({ outTradeNo: 'A1', subMchid, amount: { total: 100 } });

describe('MockOrders, with sub-merchants', () => {
  it('keeps the order numbers of sub-merchants apart', () => {
    const [own, first, second] = [place(), place(SUB), place(OTHER)];

    expect(orders.list()).toEqual([own, first, second]);
    expect(() => place(SUB)).toThrow('Order "A1" exists already.');
  });

  it('resolves a number used by one sub-merchant only', () => {
    const order = place(SUB);

    expect(orders.get('A1')).toBe(order);
    expect(orders.pay('A1')).toMatchObject({ subMchid: SUB, tradeState: 'SUCCESS' });
  });

  it('resolves a number to an order of the merchant itself first', () => {
    place(SUB);
    const own = place();

    expect(orders.get('A1')).toBe(own);
  });

  it('rejects a number alone that several sub-merchants use', () => {
    place(SUB);
    place(OTHER);

    expect(() => orders.pay('A1')).toThrow(
      'Several sub-merchants have an order "A1". Say whose: { outTradeNo, subMchid }.',
    );
  });

  it('finds exactly the order of the given owner', () => {
    place(SUB);
    const { transactionId } = orders.pay({ outTradeNo: 'A1', subMchid: SUB });

    const found = [
      orders.get({ outTradeNo: 'A1' }),
      orders.get({ outTradeNo: 'A1', subMchid: OTHER }),
      orders.find({ transactionId }),
      orders.find({ transactionId, subMchid: OTHER }),
    ];

    expect(found).toEqual([undefined, undefined, undefined, undefined]);
    expect(orders.find({ transactionId, subMchid: SUB })).toBe(orders.get('A1'));
    expect(() => orders.close({ outTradeNo: 'A1', subMchid: OTHER })).toThrow(
      `There is no order "A1" of sub-merchant ${OTHER}. Place it with create().`,
    );
  });

  it('sets subOpenid if the order has a subAppid', () => {
    place(SUB);
    orders.create({ outTradeNo: 'A2', subMchid: SUB, subAppid: 'wxsub', amount: { total: 1 } });

    expect(orders.pay('A1').payer).toEqual({ openid: expect.any(String) });
    expect(orders.pay('A2').payer).toEqual({ openid: expect.any(String), subOpenid: expect.any(String) });
  });

  it('rejects a subAppid without a subMchid', () => {
    expect(() => orders.create({ outTradeNo: 'A2', subAppid: 'wxsub', amount: { total: 1 } })).toThrow(
      'Order "A2" has a subAppid. Say whose it is: give its subMchid, too.',
    );
  });
});
