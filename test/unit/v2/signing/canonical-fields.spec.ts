import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonical, isSameSignature } from '../../../../lib/v2/signing/canonical-fields.js';
import { readV2SignatureSample } from '../../../support/fixtures/v2-samples.js';

describe('canonical', () => {
  it('reproduces the official sample, for any order of the fields', () => {
    const { fields, canonical: expected } = readV2SignatureSample();

    expect(canonical(fields)).toBe(expected);
    expect(canonical(Object.fromEntries(Object.entries(fields).toReversed()))).toBe(expected);
  });

  it('leaves out the signature and empty fields, and nothing else', () => {
    const fields = { sign: 'S', sign_type: 'MD5', attach: '', zero: '0', space: ' ', new_field: 'x' };

    expect(canonical(fields)).toBe('new_field=x&sign_type=MD5&space= &zero=0');
  });

  it('sorts by ASCII, upper case first', () => {
    expect(canonical({ b: '1', B: '2', a_b: '3', aB: '4', a1: '5', _: '6' })).toBe(
      'B=2&_=6&a1=5&aB=4&a_b=3&b=1',
    );
  });

  it('keeps values unchanged: neither encoded nor trimmed', () => {
    expect(canonical({ attach: ' 中&文=%20 ' })).toBe('attach= 中&文=%20 ');
  });

  it('signs a field called __proto__', () => {
    const fields = Object.assign(Object.create(null), JSON.parse('{"a":"1"}'));
    Object.defineProperty(fields, '__proto__', { value: 'x', enumerable: true });

    expect(canonical(fields)).toBe('__proto__=x&a=1');
  });
});

describe('isSameSignature', () => {
  it('returns true for equal strings only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(isSameSignature(a, a)).toBe(true);
        expect(isSameSignature(a, b)).toBe(Buffer.from(a).equals(Buffer.from(b)));
      }),
    );
  });

  it.each([
    ['another case', 'AB12', 'ab12'],
    ['a beginning', 'AB12', 'AB1'],
    ['as many characters of more bytes', 'AB12', 'AB1é'],
    ['nothing', 'AB12', ''],
  ])('returns false for %s', (_, expected, received) => {
    expect(isSameSignature(expected, received)).toBe(false);
  });
});
