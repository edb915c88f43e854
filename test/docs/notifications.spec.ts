import { describe, expect, it } from '@jest/globals';
import { orderKey } from 'nestjs-wxpay';
import { blockOf } from './markdown.js';

describe('the UPDATE that applies a payment once in docs/notifications.md', () => {
  const sql = blockOf('docs/notifications.md', 'sql', 'UPDATE orders');
  const [, where = ''] = /\bWHERE ([^;]+);/.exec(sql) ?? [];

  it('changes the placed order of the key alone, and only if the amount is the one that was asked for', () => {
    expect(where.split(/\s+AND\s+/)).toEqual([
      'order_key = :orderKey',
      "state = 'placed'",
      'total = :total',
      'currency = :currency',
    ]);
  });

  it('keeps orders apart by merchant, sub-merchant, number and part, which are all in the key', () => {
    const keys = [
      orderKey('shop', { outTradeNo: 'T1' }),
      orderKey('another', { outTradeNo: 'T1' }),
      orderKey('shop', { outTradeNo: 'T1', subMchid: '1900000109' }),
      orderKey('shop', { outTradeNo: 'T2' }),
      orderKey('shop', { outTradeNo: 'T1' }, '1900000109'),
    ];

    expect(new Set(keys).size).toBe(keys.length);
  });
});
