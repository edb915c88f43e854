import { describe, expect, it } from '@jest/globals';
import { orderKey } from '../../../lib/domain/order-key.js';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';

const SUB = '1900000109';

describe('orderKey', () => {
  it.each([
    ['an order of the default merchant', orderKey('default', { outTradeNo: 'T1' }), 'default///T1'],
    [
      'an order of a sub-merchant',
      orderKey('default', { outTradeNo: 'T1', subMchid: SUB }),
      'default//1900000109/T1',
    ],
    ['a part of a combine order', orderKey('eu', { outTradeNo: 'T1' }, '1900000002'), 'eu/1900000002//T1'],
    [
      'a part of a sub-merchant',
      orderKey('eu', { outTradeNo: 'T1', subMchid: SUB }, '1900000002'),
      'eu/1900000002/1900000109/T1',
    ],
    [
      'a number with all its characters',
      orderKey('default', { outTradeNo: 'aZ0_-|*@' }),
      'default///aZ0_-%7C*%40',
    ],
    ['a name with separators', orderKey('a/b%2Fc', { outTradeNo: 'T1' }), 'a%2Fb%252Fc///T1'],
    ['a name that is no ASCII', orderKey('商户:1', { outTradeNo: 'T1' }), '%E5%95%86%E6%88%B7%3A1///T1'],
    ['a name with half a pair', orderKey('\uD83D', { outTradeNo: 'T1' }), '%uD83D///T1'],
    ['a name with a whole pair', orderKey('\u{1F600}', { outTradeNo: 'T1' }), '%F0%9F%98%80///T1'],
  ])('keeps its format for %s', (_, key, expected) => {
    expect(key).toBe(expected);
  });

  it('differs if any part of the identity differs', () => {
    const names = [
      'default',
      'a',
      'a/',
      'a//',
      '/a',
      'a%2F',
      'a%',
      '\uD800',
      '%uD800',
      'A',
      ' a',
      'a/1900000109',
    ];
    const keys = names.flatMap((merchant) =>
      [undefined, '1900000109', '1900000110'].flatMap((subMchid) =>
        [undefined, '1900000109', '1900000110'].flatMap((partMchid) =>
          ['T1', 't1', 'T1|', '1900000109'].map((outTradeNo) =>
            orderKey(merchant, { outTradeNo, subMchid }, partMchid),
          ),
        ),
      ),
    );

    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each([
    ['an order', { mchid: '1900000001', outTradeNo: 'T1', tradeState: 'SUCCESS', subMchid: SUB }],
    ['a row of a table', { outTradeNo: 'T1', subMchid: SUB, transactionId: null }],
  ])('is equal for an order and its reference: %s', (_, order) => {
    expect(orderKey('default', order)).toBe(orderKey('default', { outTradeNo: 'T1', subMchid: SUB }));
  });

  it.each([null, ''])('treats a sub-merchant that is %j as absent', (subMchid) => {
    expect(orderKey('default', { outTradeNo: 'T1', subMchid } as never)).toBe('default///T1');
  });

  it.each([
    ['merchant', '', { outTradeNo: 'T1' }],
    ['merchant', undefined, { outTradeNo: 'T1' }],
    ['outTradeNo', 'default', { outTradeNo: '' }],
    ['outTradeNo', 'default', {}],
    ['outTradeNo', 'default', undefined],
    ['outTradeNo', 'default', null],
    ['outTradeNo', 'default', { outTradeNo: 1 }],
    ['subMchid', 'default', { outTradeNo: 'T1', subMchid: 1_900_000_109 }],
  ])('refuses a fault in %s', (field, merchant, order) => {
    const make = () => orderKey(merchant as never, order as never);

    expect(make).toThrow(WxPayInputError);
    expect(make).toThrow(expect.objectContaining({ field }));
  });
});
