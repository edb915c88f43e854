import { describe, expect, it } from '@jest/globals';
import { textOf } from '../../../lib/config/text.js';

describe('textOf', () => {
  it.each([
    [' "key" ', 'key'],
    ["'key'", 'key'],
    ['" key\nof two lines "', 'key\nof two lines'],
    ['a"key"', 'a"key"'],
    ['"key"a', '"key"a'],
    ['"key\'', '"key\''],
    ['""', undefined],
    [' ', undefined],
    [undefined, undefined],
  ])('reads %j as %j', (value, text) => {
    expect(textOf(value)).toBe(text);
  });
});
