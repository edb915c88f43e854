import { describe, expect, it } from '@jest/globals';
import { runInNewContext } from 'node:vm';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';
import { checkBody } from '../../../lib/v3/check-body.js';

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

class PrepayDto {
  constructor(readonly amount: { readonly total: number }) {}
}

class Amount {
  readonly #total = 1;
  readonly currency = 'CNY';
  get total() {
    return this.#total;
  }
}
class Hidden {
  readonly #total = 1;
  pay() {
    return this.#total;
  }
}
class Timestamp {
  toJSON() {
    return '2026-06-01T20:00:00+08:00';
  }
}
class Unrounded {
  toJSON() {
    return 100n;
  }
}

describe('checkBody', () => {
  it.each([
    ['objects, lists and every kind of value', { a: [1, 'x', true, null, { b: 0 }], c: {} }],
    ['an instance of a class', new PrepayDto({ total: 1 })],
    ['an instance that says what it is as JSON', { time_expire: new Timestamp() }],
    ['an object of another realm', runInNewContext('({ amount: { total: 1 }, goods: [1] })')],
    ['the largest integers', [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0.5]],
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
    [
      'transaction_id is an integer that JavaScript may have rounded; pass it as a string.',
      { transaction_id: Number('4200000434201911111111111111') },
    ],
    [
      'amount.total is an integer that JavaScript may have rounded; pass it as a string.',
      { amount: { total: Number('9007199254740993') } },
    ],
    ['goods has holes.', { goods: Object.assign([1], { length: 2 }) }],
    ['goods has the member total, which is not an index.', { goods: Object.assign([1], { total: 1 }) }],
    ['amount has the getter total, which is no field of its own.', { amount: new Amount() }],
    ['amount inherits total, which is no field of its own.', { amount: Object.create({ total: 1 }) }],
    [
      'amount inherits total, which is no field of its own.',
      { amount: Object.create(Object.assign(Object.create(null), { total: 1 })) },
    ],
    ['amount is an instance of a class without fields of its own.', { amount: new Hidden() }],
    ['it has a member that is named by a symbol.', { [Symbol('total')]: 1 }],
    ['amount.total is a BigInt.', { amount: { total: new Unrounded() } }],
    ['it is a Map.', new Map()],
    ['self contains itself.', cyclic],
  ])('refuses a body because %s', (problem, body) => {
    expect(() => checkBody(body)).toThrow(
      new WxPayInputError('body', `must be JSON-serializable: ${problem}`),
    );
  });
});
