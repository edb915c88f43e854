import { describe, expect, it } from '@jest/globals';
import {
  dateTime,
  identifier,
  integer,
  list,
  object,
  optional,
  parseJson,
  required,
  text,
  UnexpectedJson,
} from '../../../lib/v3/json.js';

describe('parseJson', () => {
  it('keeps a member called __proto__ as an ordinary member', () => {
    const parsed = parseJson(Buffer.from('{"__proto__":{"paid":true},"list":[{"a":1}]}'));

    expect(Object.getPrototypeOf(parsed)).toBeNull();
    expect((parsed as { paid?: boolean }).paid).toBeUndefined();
    expect(Object.keys(parsed as object)).toEqual(['__proto__', 'list']);
    expect(JSON.stringify(parsed)).toBe('{"__proto__":{"paid":true},"list":[{"a":1}]}');
  });

  it.each([
    ['an empty body', Buffer.alloc(0), '$ is not JSON (0 bytes).'],
    ['a page', Buffer.from('<html>busy</html>'), '$ is not JSON (17 bytes).'],
    ['a cut-off document', Buffer.from('{"code":"X"'), '$ is not JSON (11 bytes).'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), '$ is not UTF-8 (3 bytes).'],
  ])('refuses %s, quoting only its length', (_, body, message) => {
    expect(() => parseJson(body)).toThrow(new UnexpectedJson('$', message.slice(2)));
  });
});

describe('a reader of JSON', () => {
  it.each([
    ['text', text, 5, 'is a number, not a string.'],
    ['text', text, undefined, 'is missing, not a string.'],
    ['text', text, null, 'is null, not a string.'],
    ['identifier', identifier, '', 'is empty.'],
    ['integer', integer, '100', 'is a string of 3 characters, not an integer.'],
    ['integer', integer, 1.5, 'is a number, not an integer.'],
    ['integer', integer, 2 ** 53, 'is a number, not an integer.'],
    ['integer', integer, true, 'is a boolean, not an integer.'],
    [
      'dateTime',
      dateTime,
      '2018-06-08T10:34:56',
      'is a string of 19 characters, not an RFC 3339 date with a zone.',
    ],
    [
      'dateTime',
      dateTime,
      '20180608103456',
      'is a string of 14 characters, not an RFC 3339 date with a zone.',
    ],
    [
      'dateTime',
      dateTime,
      '2018-13-08T10:34:56Z',
      'is a string of 20 characters, not an RFC 3339 date with a zone.',
    ],
    [
      'dateTime',
      dateTime,
      '+002018-06-08T10:34:56Z',
      'is a string of 23 characters, not an RFC 3339 date with a zone.',
    ],
    // Where Date stops to read.
    [
      'dateTime',
      dateTime,
      '2018-06-08T10:34:56Z\u0000!',
      'is a string of 22 characters, not an RFC 3339 date with a zone.',
    ],
    ['dateTime', dateTime, ['2018-06-08T10:34:56Z'], 'is an array of 1, not an RFC 3339 date with a zone.'],
    ['dateTime', dateTime, 1528425296, 'is a number, not an RFC 3339 date with a zone.'],
    ['list', list(text), { length: 1 }, 'is an object, not an array.'],
    ['object', object<{ a?: string }>({ a: optional('a', text) }), [], 'is an array of 0, not an object.'],
  ])('%s refuses value %# with its path and type, never its content', (_, read, value, problem) => {
    expect(() => (read as (value: unknown, path: string) => unknown)(value, '$.field')).toThrow(
      new UnexpectedJson('$.field', problem),
    );
  });

  it('dateTime reads the moment, with and without fractions of a second', () => {
    expect(dateTime('2018-06-08T10:34:56+08:00', '$').toISOString()).toBe('2018-06-08T02:34:56.000Z');
    expect(dateTime('2018-06-08T10:34:56.789+08:00', '$').toISOString()).toBe('2018-06-08T02:34:56.789Z');
  });

  it('object names the exact path of a nested fault', () => {
    const read = object({ rows: required('rows', list(object({ amount: required('amount', integer) }))) });

    expect(() => read({ rows: [{ amount: 1 }, { amount: '2' }] }, '$')).toThrow(
      new UnexpectedJson('$.rows[1].amount', 'is a string of 1 characters, not an integer.'),
    );
  });

  it.each([undefined, null, ''])('optional gives a field that is %j no key', (value) => {
    const read = object<{ attach?: string }>({ attach: optional('attach', text) });

    expect(Object.keys(read({ attach: value }, '$'))).toEqual([]);
  });
});
