import { describe, expect, it } from '@jest/globals';
import {
  checkCombineCloseRequest,
  checkCombineOutTradeNo,
  combinedTradeState,
  type CombineCloseSubOrder,
} from '../../../lib/domain/combine-order.js';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';

const SUB_ORDERS = [
  { mchid: '1900000109', outTradeNo: 'T1' },
  { mchid: '1900000110', outTradeNo: 'T2', subMchid: '1900000111', subAppid: 'wx2' },
];
const REQUEST = { combineOutTradeNo: 'C1', combineAppid: 'wxd678efh567hg6787', subOrders: SUB_ORDERS };

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ mchid: '1900000109', outTradeNo: `T${index}` }));

describe('checkCombineCloseRequest', () => {
  it.each([2, 50])('accepts %d sub-orders', (count) => {
    expect(() => checkCombineCloseRequest({ ...REQUEST, subOrders: many(count) })).not.toThrow();
  });

  it('returns a copy of the checked members only', () => {
    const [first, second] = SUB_ORDERS;
    const request = { ...REQUEST, note: 'x', subOrders: [{ ...first, id: 1, subMchid: null }, second] };

    expect(checkCombineCloseRequest(request as never)).toStrictEqual(REQUEST);
  });

  it.each([
    ['combineOutTradeNo', { combineOutTradeNo: '../x' }],
    ['combineOutTradeNo', { combineOutTradeNo: undefined }],
    ['combineAppid', { combineAppid: '' }],
    ['combineAppid', { combineAppid: 'w'.repeat(33) }],
    ['subOrders', { subOrders: [] }],
    ['subOrders', { subOrders: many(1) }],
    ['subOrders', { subOrders: many(51) }],
    ['subOrders', { subOrders: 'T1,T2' }],
    ['subOrders[1].mchid', { subOrders: [SUB_ORDERS[0], { ...SUB_ORDERS[1], mchid: 'x' }] }],
    ['subOrders[1].mchid', { subOrders: [SUB_ORDERS[0], undefined] }],
    ['subOrders[0].outTradeNo', { subOrders: [{ mchid: '1', outTradeNo: 'x'.repeat(33) }, SUB_ORDERS[1]] }],
    ['subOrders[1].outTradeNo', { subOrders: [SUB_ORDERS[0], SUB_ORDERS[0]] }],
    ['subOrders[1].subMchid', { subOrders: [SUB_ORDERS[0], { ...SUB_ORDERS[1], subMchid: '' }] }],
    ['subOrders[1].subAppid', { subOrders: [SUB_ORDERS[0], { ...SUB_ORDERS[1], subAppid: '?' }] }],
  ])('refuses a fault in %s: %j', (field, fault) => {
    const check = () => checkCombineCloseRequest({ ...REQUEST, ...fault } as never);

    expect(check).toThrow(WxPayInputError);
    expect(check).toThrow(expect.objectContaining({ field }));
  });

  it.each([
    ['subOrders must name all sub-orders, from 2 to 50 of them.', many(1)],
    [
      'subOrders[1].outTradeNo is used twice: each sub-order of a merchant needs its own number.',
      [SUB_ORDERS[0], SUB_ORDERS[0]],
    ],
  ])('explains the fault: %s', (message, subOrders) => {
    expect(() => checkCombineCloseRequest({ ...REQUEST, subOrders } as never)).toThrow(message);
  });

  it.each<[string, readonly CombineCloseSubOrder[]]>([
    [
      'merchants',
      [
        { mchid: '1', outTradeNo: 'T1' },
        { mchid: '2', outTradeNo: 'T1' },
      ],
    ],
    [
      'sub-merchants',
      [
        { mchid: '1', outTradeNo: 'T1', subMchid: '3' },
        { mchid: '1', outTradeNo: 'T1', subMchid: '4' },
      ],
    ],
  ])('accepts one number for sub-orders of two %s', (_, subOrders) => {
    expect(checkCombineCloseRequest({ ...REQUEST, subOrders }).subOrders).toEqual(subOrders);
  });

  it.each([undefined, null, 'C1'])('refuses %j', (request) => {
    expect(() => checkCombineCloseRequest(request as never)).toThrow(WxPayInputError);
  });
});

describe('checkCombineOutTradeNo', () => {
  it('returns the number', () => {
    expect(checkCombineOutTradeNo('C1')).toBe('C1');
  });

  it('names the invalid field', () => {
    expect(() => checkCombineOutTradeNo('../x')).toThrow(
      expect.objectContaining({ code: 'WXPAY_INPUT', field: 'combineOutTradeNo' }),
    );
  });
});

describe('combinedTradeState', () => {
  it.each([
    [['NOTPAY', 'NOTPAY'], 'NOTPAY'],
    [['SUCCESS', 'SUCCESS'], 'SUCCESS'],
    [['CLOSED', 'CLOSED'], 'CLOSED'],
    [['REFUND', 'REFUND'], 'REFUND'],
    [['SUCCESS', 'REFUND'], 'REFUND'],
    [['FROZEN', 'FROZEN'], 'FROZEN'],
    [['SUCCESS', 'NOTPAY'], undefined],
    [['REFUND', 'CLOSED'], undefined],
    [['NOTPAY', 'CLOSED'], undefined],
    [[], undefined],
  ])('returns the state of sub-orders in %j: %j', (states, expected) => {
    const subOrders = states.map((tradeState, index) => ({
      mchid: '1',
      outTradeNo: `T${index}`,
      tradeState,
    }));

    expect(combinedTradeState({ subOrders })).toBe(expected);
  });
});
