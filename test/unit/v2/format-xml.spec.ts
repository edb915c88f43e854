import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Transformer } from 'wechatpay-axios-plugin';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';
import { formatXml, parseXml } from '../../../lib/v2/xml.js';
import { outcomeOf } from '../../support/assertions/outcome-of.js';

describe('formatXml', () => {
  const names = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,10}$/);
  const codePoint = (min: number, max: number) => fc.integer({ min, max }).map(String.fromCodePoint);
  // What XML 1.0 can carry.
  const unit = fc.oneof(
    fc.constantFrom('\t', '\n', '\r', '&', '<', '>', ']'),
    codePoint(0x20, 0xd7ff),
    codePoint(0xe000, 0xfffd),
    codePoint(0x10000, 0x10ffff),
  );
  const values = fc.string({ unit });
  const markup = fc.constantFrom(']]>', '<![CDATA[', '&amp;', '<a>', '\r\n', '--', '<!DOCTYPE', '');
  const fieldMaps = fc.dictionary(
    names,
    fc.tuple(values, markup, values).map((parts) => parts.join('')),
    {
      noNullPrototype: true,
    },
  );

  it('writes what parseXml reads back unchanged', () => {
    fc.assert(
      fc.property(fieldMaps, (fields) => {
        expect(Object.entries(parseXml(Buffer.from(formatXml(fields))))).toEqual(Object.entries(fields));
      }),
      { examples: [[{ a: ']]>', b: ' \r\n\t', c: '' }]] },
    );
  });

  it('writes any text so that it is read back, or refuses it', () => {
    const anyText = fc.string({ unit: 'binary' });

    fc.assert(
      fc.property(fc.dictionary(anyText, anyText, { noNullPrototype: true }), (fields) => {
        const outcome = outcomeOf(() => ({ ...parseXml(Buffer.from(formatXml(fields))) }));

        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(WxPayInputError);
        else expect(outcome).toEqual(fields);
      }),
    );
  });

  it('writes what another implementation reads', () => {
    const fields = { attach: '<中&文> ]]> "\'', total_fee: '0100' };

    expect(Transformer.toObject(formatXml(fields))).toEqual(fields);
  });

  it.each([
    ['a control character', 'a\u0000b'],
    ['an escape', '\u001b[31m'],
    ['half of a surrogate pair', '\uD83D'],
    ['a character that is none', '\uFFFF'],
  ])('refuses a value with %s, naming the field', (_, value) => {
    expect(() => formatXml({ attach: value })).toThrow(WxPayInputError);
    expect(() => formatXml({ attach: value })).toThrow('attach has a character that is not allowed in XML.');
  });

  it.each(['', '1a', 'a b', 'a>', 'a/', 'é', '<b'])('refuses a field named %j', (field) => {
    expect(() => formatXml({ [field]: '1' })).toThrow(WxPayInputError);
    expect(() => formatXml({ [field]: '1' })).toThrow('fields has a name that is not allowed in XML.');
  });
});
