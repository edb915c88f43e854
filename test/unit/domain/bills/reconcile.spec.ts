import { describe, expect, it } from '@jest/globals';
import type { Bill, TradeBillRow, TradeBillSummary } from '../../../../lib/domain/bills/bill.js';
import {
  reconcile,
  type Discrepancy,
  type ShopOrder,
  type ShopOrders,
} from '../../../../lib/domain/bills/reconcile.js';
import { TRADE_BILL } from '../../../../lib/domain/bills/trade-bill.js';
import { outcomeOf } from '../../../support/assertions/outcome-of.js';

const ROW: TradeBillRow = {
  tradeTime: new Date(0),
  appid: 'wx8888888888888888',
  mchid: '1900000001',
  transactionId: '42',
  outTradeNo: 'A1',
  tradeType: 'NATIVE',
  tradeState: 'SUCCESS',
  bankType: 'OTHERS',
  currency: 'CNY',
  settlementTotal: 100,
  couponAmount: 0,
  description: 'Tea',
  attach: '',
  fee: '0.00600',
  rate: '0.60%',
  total: 100,
  raw: {},
};
const REFUND: TradeBillRow = { ...ROW, tradeState: 'REFUND', refundId: '50', total: 0, requestedRefund: 30 };
const REVERSAL: TradeBillRow = { ...REFUND, tradeState: 'REVOKED', requestedRefund: 100 };
const PAID: ShopOrder = { outTradeNo: 'A1', total: 100, state: 'paid' };

function billOf(rows: readonly TradeBillRow[]): Bill<TradeBillRow, TradeBillSummary> {
  return {
    summary: { ...TRADE_BILL.none, count: rows.length },
    proven: true,
    path: '',
    saveTo: () => Promise.resolve(),
    async *[Symbol.asyncIterator]() {
      yield* rows;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A shop that finds its orders by number, and takes all that are paid for paid on the day. */
function shopOf(orders: readonly ShopOrder[], paidOrders: Iterable<ShopOrder> = orders): ShopOrders {
  const find = (numbers: readonly string[]) =>
    Promise.resolve(orders.filter(({ outTradeNo }) => numbers.includes(outTradeNo)));
  return { find, paidOrders };
}

async function differences(rows: readonly TradeBillRow[], shop: ShopOrders): Promise<string[]> {
  const found: Discrepancy[] = [];
  for await (const each of reconcile(billOf(rows), shop)) found.push(each);
  return found.map(({ kind, row, order }) => `${kind} ${row?.outTradeNo ?? order?.outTradeNo}`);
}

describe('reconcile', () => {
  it.each<[string, TradeBillRow[], ShopOrder[], string[]]>([
    ['agree', [ROW], [PAID], []],
    ['are empty', [], [], []],
    ['lack an order in the shop', [ROW], [], ['missing-in-shop A1']],
    ['lack an order in the bill', [], [PAID], ['missing-in-bill A1']],
    ['differ in the total', [ROW], [{ ...PAID, total: 101 }], ['amount A1']],
    ['differ in the state', [ROW], [{ ...PAID, state: 'unpaid' }], ['state A1']],
    ['have an order that is unpaid on both sides', [], [{ ...PAID, state: 'unpaid' }], []],
    ['have a refund that the shop asked for', [ROW, REFUND], [{ ...PAID, refunded: 30 }], []],
    ['have a refund of another day', [ROW], [{ ...PAID, refunded: 30 }], []],
    ['have a refund that the shop did not ask for', [ROW, REFUND], [{ ...PAID, refunded: 0 }], ['amount A1']],
    ['have more refunds than asked for', [ROW, REFUND, REFUND], [{ ...PAID, refunded: 59 }], ['amount A1']],
    ['have a refund that the shop does not follow', [ROW, REFUND], [PAID], []],
    ['have a refund of an order that the shop lacks', [REFUND], [], ['missing-in-shop A1']],
    ['have a reversal of an order without a payment', [REVERSAL], [{ ...PAID, state: 'unpaid' }], []],
    ['have a reversal that the shop counts as a refund', [ROW, REVERSAL], [{ ...PAID, refunded: 100 }], []],
    [
      'have a reversal that the shop does not know',
      [ROW, REVERSAL],
      [{ ...PAID, refunded: 0 }],
      ['amount A1'],
    ],
  ])('compares sides that %s', async (_, rows, orders, expected) => {
    expect(await differences(rows, shopOf(orders))).toEqual(expected);
  });

  it('does not take the refund of an order for its payment', async () => {
    expect(await differences([REFUND], shopOf([{ ...PAID, refunded: 30 }]))).toEqual(['missing-in-bill A1']);
  });

  it('tells two sub-merchants with one number apart', async () => {
    const rows = [
      { ...ROW, subMchid: '1' },
      { ...ROW, subMchid: '2', total: 7 },
    ];
    const orders = [
      { ...PAID, subMchid: '1' },
      { ...PAID, subMchid: '2', total: 7 },
    ];

    expect(await differences(rows, shopOf(orders))).toEqual([]);
    expect(await differences(rows.slice(0, 1), shopOf(orders))).toEqual(['missing-in-bill A1']);
  });

  it('finds orders of a shop that keeps no sub-merchants', async () => {
    expect(await differences([{ ...ROW, subMchid: '1' }], shopOf([PAID]))).toEqual([]);
  });

  it('takes a sub-merchant of null for none, as a database returns it', async () => {
    const order = { ...PAID, subMchid: null as unknown as undefined };

    expect(await differences([ROW], shopOf([order]))).toEqual([]);
    expect(await differences([], shopOf([order]))).toEqual(['missing-in-bill A1']);
  });

  it('asks the shop for batches, and for each number once', async () => {
    const asked: number[] = [];
    const rows = Array.from({ length: 1_001 }, (_, index) => ({ ...ROW, outTradeNo: `A${index >> 1}` }));
    const find = (numbers: readonly string[]) => {
      asked.push(numbers.length);
      return Promise.resolve(numbers.map((outTradeNo) => ({ ...PAID, outTradeNo })));
    };

    expect(await differences(rows, { find })).toEqual([]);
    expect(asked).toEqual([250, 250, 1]);
  });

  it.each([undefined, null, {}])('refuses a bill that is %j at the call', (bill) => {
    const error = outcomeOf(() => reconcile(bill as never, shopOf([])));

    expect(error).toMatchObject({ code: 'WXPAY_INPUT', field: 'bill' });
  });

  it.each([undefined, { find: [] }])('refuses a shop that is %j at the call', (shop) => {
    const error = outcomeOf(() => reconcile(billOf([]), shop as never));

    expect(error).toMatchObject({ code: 'WXPAY_INPUT', field: 'shop' });
  });

  it.each([
    ['shop.find', { find: () => Promise.resolve(undefined) }],
    ['shop.find', shopOf([{ ...PAID, total: '100' as unknown as number }])],
    ['shop.find', shopOf([{ ...PAID, refunded: 0.5 }])],
    ['shop.find', shopOf([{ ...PAID, state: 'SUCCESS' as 'paid' }])],
    ['shop.paidOrders', shopOf([], [{ ...PAID, total: Number.NaN }])],
  ])('refuses a faulty %s', async (field, shop) => {
    await expect(differences([ROW], shop as ShopOrders)).rejects.toMatchObject({ field });
  });
});
