import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { parseExactly } from '../../../lib/v3/parse-exactly.js';
import { integer, parseJson } from '../../../lib/v3/json.js';

describe('parseExactly', () => {
  it.each([
    '9007199254740993',
    '-9007199254740993',
    '9007199254740992',
    '12345678901234567890123',
    '1e400',
    '-1E400',
    '1e-400',
    '1e16',
    '0.10000000000000000001',
    '1.00000000000000000001',
    '1234567890123456.12',
  ])('keeps %s as a string, at any position', (number) => {
    for (const [before, after] of [
      ['', ''],
      ['[1,', ']'],
      ['{"a" : ', '}'],
      ['{"a":[\n', ',2],"b":"c\\""}'],
    ]) {
      const parsed = parseExactly(`${before}${number}${after}`);

      expect(JSON.stringify(parsed)).toBe(JSON.stringify(JSON.parse(`${before}"${number}"${after}`)));
    }
  });

  it.each([
    '0',
    '-0',
    '0.1',
    '100',
    '9007199254740991',
    '1.50',
    '1e2',
    '12.5E-1',
    '0.000000000000000001',
    '0e5',
  ])('reads %s as a number', (number) => {
    expect(parseExactly(`{"n":${number}}`)).toEqual({ n: Number(number) });
  });

  it.each([
    ['zeros before the last digit', `1.${'0'.repeat(500_000)}1`],
    ['zeros behind the last digit', `1.${'0'.repeat(500_000)}`],
    ['zeros of a whole number', `1${'0'.repeat(500_000)}`],
    ['runs of zeros', `1.${`${'0'.repeat(700)}1`.repeat(700)}`],
    ['an exponent with zeros', `1e${'0'.repeat(500_000)}1`],
    ['points in a text', `"${',1.'.repeat(170_000)}e"`],
    ['commas and blanks in a text', `"${`,${' '.repeat(99)}`.repeat(5_000)}", 1e400`],
  ])('reads half a million characters with %s in less than a moment', (_, number) => {
    const startedAt = performance.now();

    parseExactly(`[${number},1e400]`);

    // A second where each character is looked at once; more than a minute where it is once for each before it.
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it('leaves strings alone that look like numbers', () => {
    const json = '{"9007199254740993":"x,9007199254740993","b":":1e400\\\\","c":"\\"","d":["1e400"]}';

    expect(JSON.stringify(parseExactly(json))).toBe(JSON.stringify(JSON.parse(json)));
  });

  it.each(['{"a":9007199254740993', '[01234567890123456789]', '[1234567890123456.]', '1e'])(
    'refuses %s, which is not JSON',
    (json) => {
      expect(() => parseExactly(json)).toThrow(SyntaxError);
    },
  );

  it('reads all that JavaScript writes as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        const numbers: unknown = JSON.parse(json, (_, each: unknown) =>
          typeof each === 'number' && Math.abs(each) > Number.MAX_SAFE_INTEGER ? String(each) : each,
        );

        const parsed = parseExactly(json);

        expect(parsed).toEqual(numbers);
      }),
    );
  });
});

describe('parseExactly and the reader of integers', () => {
  it('refuse an integer beyond 2^53 as an amount', () => {
    const parsed = parseJson(Buffer.from('{"total":9007199254740993}')) as { total: unknown };

    expect(() => integer(parsed.total, '$.total')).toThrow(
      '$.total is a string of 16 characters, not an integer.',
    );
  });
});
