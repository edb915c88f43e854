import { describe, expect, it } from '@jest/globals';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';
import { checkBody } from '../../../lib/v3/check-body.js';

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

class PrepayDto {
  constructor(readonly amount: { readonly total: number }) {}
}

describe('checkBody', () => {
  it.each([
    ['objects, lists and every kind of value', { a: [1, 'x', true, null, { b: 0 }], c: {} }],
    ['an instance of a class', new PrepayDto({ total: 1 })],
    ['a date', { time_expire: new Date(0) }],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 })],
    ['one object in two places', [PrepayDto, PrepayDto].map(() => ({ payer: {} }))],
    ['a text', 'x'],
    ['null', null],
  ])('accepts %s', (_kind, body) => {
    expect(() => checkBody(body)).not.toThrow();
  });

  it.each([
    ['amount.total is not a finite number.', { amount: { total: Number.NaN } }],
    ['amount.total is not a finite number.', { amount: { total: Infinity } }],
    ['attach is undefined; leave the field out, or give it a value.', { attach: undefined }],
    ['goods[1] is undefined; leave the field out, or give it a value.', { goods: [1, undefined] }],
    ['amount is a Map.', { amount: new Map([['total', 1]]) }],
    ['tags is a Set.', { tags: new Set(['a']) }],
    ['file is a Uint8Array.', { file: Buffer.from('x') }],
    ['soon is a Promise.', { soon: Promise.resolve(1) }],
    ['at is no valid Date.', { at: new Date('x') }],
    ['list[0].total is a BigInt.', { list: [{ total: 100n }] }],
    ['later is a function.', { later: () => 1 }],
    ['it is a symbol.', Symbol('x')],
    ['it is a Map.', new Map()],
    ['self contains itself.', cyclic],
  ])('says that %s', (problem, body) => {
    expect(() => checkBody(body)).toThrow(
      new WxPayInputError('body', `must be JSON-serializable: ${problem}`),
    );
  });
});
