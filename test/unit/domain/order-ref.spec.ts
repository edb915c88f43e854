import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { checkCloseOrderRef, checkOrderRef, orderSubject } from '../../../lib/domain/order-ref.js';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';
import { outcomeOf } from '../../support/assertions/outcome-of.js';

/** What a JavaScript caller or an unchecked body may pass. */
const unchecked = (value: unknown): never => value as never;

function inputErrorOf(work: () => void): WxPayInputError {
  try {
    work();
  } catch (error) {
    if (error instanceof WxPayInputError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('checkOrderRef', () => {
  it.each([
    ['the official sample', '1217752501201407033233368018'],
    ['one character', 'A'],
    ['32 characters', 'A'.repeat(32)],
    ['every special character', 'a_b-c|d*e@f'],
  ])('accepts an outTradeNo of %s', (_, outTradeNo) => {
    expect(() => checkOrderRef({ outTradeNo })).not.toThrow();
  });

  it.each([
    ['a path to another endpoint', '../../../refund/domestic/refunds'],
    ['a query of its own', 'A?mchid=999&x='],
    ['an encoded slash', 'A%2F..'],
    ['a fragment', 'A#'],
    ['a line break', 'A\n'],
    ['a null byte', 'A\0'],
    ['dots', '..'],
    ['a space', 'A B'],
    ['other letters', '订单'],
    ['33 characters', 'A'.repeat(33)],
    ['nothing', ''],
    ['a number', 42],
    ['an object that turns into a text', { toString: () => 'A' }],
    ['an array', ['A']],
  ])('refuses an outTradeNo with %s, without quoting it', (_, outTradeNo) => {
    const error = inputErrorOf(() => checkOrderRef(unchecked({ outTradeNo })));

    expect(error).toMatchObject({ code: 'WXPAY_INPUT', field: 'outTradeNo', retryable: false });
    expect(error.message).toMatch(
      /^outTradeNo must be 1 to 32 characters of 0-9 A-Z a-z _ - \| \* @, .*; received a (string of \d+ characters|value of type \w+)\.$/,
    );
  });

  it('accepts the characters of the alphabet, and no other, so that a number stays one path segment', () => {
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-|*@';
    const likely = fc.string({ unit: fc.constantFrom(...alphabet.split('')), maxLength: 34 });
    const anyText = fc.string({ unit: 'binary', maxLength: 34 });

    fc.assert(
      fc.property(
        fc.oneof(
          likely,
          anyText,
          fc.tuple(likely, anyText).map((parts) => parts.join('')),
        ),
        (text) => {
          const belongs =
            text.length > 0 && text.length <= 32 && text.split('').every((each) => alphabet.includes(each));
          const outcome = outcomeOf(() => checkOrderRef({ outTradeNo: text }));

          if (!belongs) expect(outcome).toBeInstanceOf(WxPayInputError);
          else {
            expect(outcome).toEqual({ outTradeNo: text });
            expect(new URL(`https://host/v3/${encodeURIComponent(text)}/close`).pathname).toMatch(
              /^\/v3\/[^/]+\/close$/,
            );
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a path', '../x'],
    ['a query', 'A?x=1'],
    ['a pipe', 'A|B'],
    ['33 digits', '1'.repeat(33)],
    ['a number', 4200000001],
  ])('refuses a transactionId with %s', (_, transactionId) => {
    const error = inputErrorOf(() => checkOrderRef(unchecked({ transactionId })));

    expect(error.field).toBe('transactionId');
    expect(error.message).toContain(
      'must be 1 to 32 characters of 0-9 A-Z a-z _ -, as WeChat Pay gave it; received a',
    );
  });

  it.each([
    ['neither number', {}, 'neither'],
    ['both numbers', { outTradeNo: 'A', transactionId: '1' }, 'both'],
    ['nothing at all', undefined, 'a value of type undefined'],
    ['null', null, 'null'],
    ['a bare text', 'A', 'a value of type string'],
    ['the names of WeChat Pay', { out_trade_no: 'A', 秘: 1 }, 'an object with out_trade_no'],
  ])('refuses %s and describes the value received', (_, ref, received) => {
    const error = inputErrorOf(() => checkOrderRef(unchecked(ref)));

    expect(error.message).toBe(
      `ref needs exactly one of outTradeNo and transactionId; received ${received}.`,
    );
  });
});

describe('checkOrderRef and checkCloseOrderRef', () => {
  it('return a copy without other members, unaffected by later changes', () => {
    const row = { id: 7, outTradeNo: 'T1', subMchid: '1900000109', subAppid: null, total: 5 };

    const query = checkOrderRef(unchecked(row));
    const close = checkCloseOrderRef(unchecked({ ...row, transactionId: '42' }));
    row.outTradeNo = '../x';

    expect(query).toStrictEqual({ outTradeNo: 'T1', subMchid: '1900000109' });
    expect(close).toStrictEqual({ outTradeNo: 'T1', subMchid: '1900000109' });
  });

  it('treat null as absent, as rows of a database have it', () => {
    const byOurs = checkOrderRef(unchecked({ outTradeNo: 'T1', transactionId: null, subMchid: null }));
    const byTheirs = checkOrderRef(unchecked({ outTradeNo: null, transactionId: '42' }));

    expect(byOurs).toStrictEqual({ outTradeNo: 'T1' });
    expect(byTheirs).toStrictEqual({ transactionId: '42' });
  });
});

describe('checkOrderRef, of a sub-merchant', () => {
  it('accepts both numbers', () => {
    const subMerchant = { subMchid: '1900000109', subAppid: 'wxd678efh567hg6999' };

    expect(() => checkOrderRef({ transactionId: '42', ...subMerchant })).not.toThrow();
    expect(() => checkCloseOrderRef({ outTradeNo: 'T1', ...subMerchant })).not.toThrow();
  });

  it.each([
    [
      'subMchid must be a merchant number, 1 to 32 digits; received a string of 0 characters.',
      { subMchid: '' },
    ],
    [
      'subMchid must be a merchant number, 1 to 32 digits; received a string of 15 characters.',
      { subMchid: '19&sub_mchid=20' },
    ],
    [
      'subMchid must be a merchant number, 1 to 32 digits; received a value of type number.',
      { subMchid: 1900000109 },
    ],
    [
      'subAppid must be an appid, 1 to 32 characters of 0-9 A-Z a-z _ -; received a string of 3 characters.',
      { subMchid: '1900000109', subAppid: 'wx"' },
    ],
    [
      'subMchid is missing: an order with a subAppid belongs to a sub-merchant.',
      { subAppid: 'wxd678efh567hg6999' },
    ],
  ])('refuses the reference: %s', (message, subMerchant) => {
    const query = inputErrorOf(() => checkOrderRef(unchecked({ outTradeNo: 'T1', ...subMerchant })));
    const close = inputErrorOf(() => checkCloseOrderRef(unchecked({ outTradeNo: 'T1', ...subMerchant })));

    expect(query).toMatchObject({ message, field: message.split(' ')[0] });
    expect(close).toMatchObject({ message, field: message.split(' ')[0] });
  });
});

describe('orderSubject', () => {
  it.each([
    ['order T1', { outTradeNo: 'T1' }],
    ['WeChat order 42', { transactionId: '42' }],
    ['order T1 of sub-merchant 1900000109', { outTradeNo: 'T1', subMchid: '1900000109' }],
    ['WeChat order 42 of sub-merchant 1900000109', { transactionId: '42', subMchid: '1900000109' }],
  ])('returns "%s"', (subject, ref) => {
    expect(orderSubject(ref)).toBe(subject);
  });
});

describe('checkCloseOrderRef', () => {
  it('refuses the number of WeChat Pay, by which orders cannot be closed', () => {
    const error = inputErrorOf(() => checkCloseOrderRef(unchecked({ transactionId: '4200000001' })));

    expect(error.field).toBe('outTradeNo');
  });

  it.each([undefined, null, 'A', {}])('refuses %j', (ref) => {
    expect(() => checkCloseOrderRef(unchecked(ref))).toThrow(WxPayInputError);
  });
});
