import {
  missing,
  tooSmall,
  undefinedParameters,
  unmatched,
  unreadable,
  wrongLength,
  wrongType,
  type Place,
} from './parameter-problems.js';

/** Reads a parameter; undefined is an absent one. @throws {Problem} 400 naming the parameter */
export type Reader<T> = (value: unknown, place: Place) => T;

/** What an object holds, field by field. */
export type Readers<T> = { readonly [Field in keyof T]: Reader<T[Field]> };

/** Form of a text: its length in bytes, which WeChat Pay looks at first, and its characters. */
export interface TextForm {
  /** Default 1. */
  readonly min?: number;
  readonly max: number;
  readonly pattern?: RegExp;
}

/** A text that looks as it should. */
export function text({ min = 1, max, pattern }: TextForm): Reader<string> {
  return (value, place) => {
    const given = present(value, place);
    if (typeof given !== 'string') throw wrongType(place, given, '一个 string 类型的 Json 值');
    const bytes = Buffer.byteLength(given);
    if (bytes < min || bytes > max) throw wrongLength(place, bytes, { min, max });
    if (pattern?.test(given) === false) throw unmatched(place, given, pattern);
    return given;
  };
}

/** The order number of a query. No lower bound is proven for those. */
export const outTradeNo = text({ max: 32, pattern: /^[0-9a-zA-Z_\-|*@]+$/ });
export const transactionId = text({ max: 32, pattern: /^[0-9A-Za-z_-]+$/ });
export const mchid = text({ max: 32, pattern: /^\d+$/ });
export const appid = text({ max: 32, pattern: /^[0-9A-Za-z_-]+$/ });

/** A positive whole number. */
export const positive: Reader<number> = (value, place) => {
  const given = present(value, place);
  if (typeof given !== 'number' || !Number.isSafeInteger(given))
    throw wrongType(place, given, '一个合法的 64 位有符号整数');
  if (given < 1) throw tooSmall(place, given, 1);
  return given;
};

/** Whatever it is: the gateway keeps no account of it. */
export const anything: Reader<unknown> = (value) => value;

/** A parameter that may be left out. */
export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value, place) => (value === undefined ? undefined : reader(value, place));
}

/** A list with so many items. */
export function list<T>(reader: Reader<T>, { min, max }: { min: number; max: number }): Reader<readonly T[]> {
  return (value, { pointer, location }) => {
    const place = { pointer, location };
    const given = present(value, place);
    if (!Array.isArray(given) || given.length < min || given.length > max)
      throw wrongType(place, given, `一个长度为 ${min} 到 ${max} 的数组`);
    return given.map((item, i) => reader(item, { pointer: `${pointer}/${i}`, location }));
  };
}

/** An object with exactly these fields. */
export function fields<T>(readers: Readers<T>): Reader<T> {
  return (value, place) => {
    const given = present(value, place);
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw wrongType(place, given, '一个 object 类型的 Json 值');
    return readAll(readers, Object.entries(given), place);
  };
}

/**
 * Reads entries that must be exactly those named.
 *
 * @param within what holds them; its pointer is empty for the parameters of the request itself
 */
export function readAll<T>(
  readers: Readers<T>,
  given: readonly (readonly [string, unknown])[],
  { location, pointer }: Place,
): T {
  const placeOf = (name: string): Place => ({ location, pointer: `${pointer}/${name}` });
  const superfluous = given.filter(([name]) => !Object.hasOwn(readers, name));
  if (superfluous.length > 0) throw undefinedParameters(superfluous.map(([name]) => placeOf(name)));
  const values = new Map(given);
  if (values.size < given.length) throw unreadable('请求中含有重复的参数');
  const read = Object.entries<Reader<unknown>>(readers).map(([name, reader]) => [
    name,
    reader(values.get(name), placeOf(name)),
  ]);
  // Every field of T has a reader, and each was read with its own.
  return Object.fromEntries(read) as T;
}

function present(value: unknown, place: Place): unknown {
  if (value === undefined) throw missing(place);
  return value;
}
