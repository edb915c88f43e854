import { describe, expect, it } from '@jest/globals';
import { checkTrackedOrder, WxPayInputError, type TrackedOrder } from 'nestjs-wxpay';
import { PLACED_AT, secondsAfter, trackedOrder } from '../../../support/fixtures/tracked-orders.js';

const NOW = secondsAfter(10);

describe('checkTrackedOrder', () => {
  it('returns a copy with the name of the merchant', () => {
    const row = { ...trackedOrder(), id: 7, merchant: null };

    // @ts-expect-error -- null, as in a row of a database
    const checked = checkTrackedOrder(row, NOW);

    expect(checked).toEqual({ ...trackedOrder(), merchant: 'default' });
    expect(checked.ref).not.toBe(row.ref);
    expect(checked.createdAt).not.toBe(row.createdAt);
  });

  it('keeps the sub-merchant and the merchant', () => {
    const ref = { outTradeNo: 'T1', subMchid: '1900000009' };

    expect(checkTrackedOrder(trackedOrder({ ref, merchant: 'eu' }), NOW)).toMatchObject({
      ref,
      merchant: 'eu',
    });
  });

  it.each<[problem: string, field: string, order: unknown]>([
    ['must be an object; received null', 'order', null],
    ['is missing', 'ref', { ...trackedOrder(), ref: undefined }],
    ['must be an object; received a string', 'ref', { ...trackedOrder(), ref: 'T1' }],
    ['must be 1 to 32 characters', 'outTradeNo', { ...trackedOrder(), ref: { outTradeNo: 7 } }],
    ['is missing', 'createdAt', { ...trackedOrder(), createdAt: undefined }],
    ['must be a valid Date', 'createdAt', { ...trackedOrder(), createdAt: '2026-06-01' }],
    ['is more than a day ahead', 'createdAt', { ...trackedOrder(), createdAt: secondsAfter(90_000) }],
    ['is missing', 'expiresAt', { ...trackedOrder(), expiresAt: null }],
    ['must be a valid Date', 'expiresAt', { ...trackedOrder(), expiresAt: new Date(NaN) }],
    ['must not be before createdAt', 'expiresAt', { ...trackedOrder(), expiresAt: secondsAfter(-1) }],
    [
      'is more than a year after createdAt',
      'expiresAt',
      { ...trackedOrder(), expiresAt: new Date(PLACED_AT.getTime() * 1000) },
    ],
    ['must be the name of a merchant', 'merchant', { ...trackedOrder(), merchant: '' }],
    ['must be the name of a merchant', 'merchant', { ...trackedOrder(), merchant: 7 }],
  ])('says %s of %s', (problem, field, order) => {
    const check = () => checkTrackedOrder(order as TrackedOrder, NOW);

    expect(check).toThrow(WxPayInputError);
    expect(check).toThrow(expect.objectContaining({ field, message: expect.stringContaining(problem) }));
  });

  it('accepts an order that expires as it is placed, as a column of whole seconds may show it', () => {
    expect(() => checkTrackedOrder(trackedOrder({ expiresAt: PLACED_AT }), NOW)).not.toThrow();
  });
});
