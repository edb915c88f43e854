import {
  missingParameter,
  numberTooSmall,
  undefinedParameters,
  patternMismatch,
  unreadableRequest,
  wrongLength,
  wrongType,
  type Place,
} from './parameter-problems.js';

/** Reads a parameter; `undefined` means absent. @throws {Problem} 400 with the name of the parameter */
export type Reader<T> = (value: unknown, place: Place) => T;

/** Readers of an object, by field. */
export type Readers<T> = { readonly [Field in keyof T]: Reader<T[Field]> };

/** Length in bytes, which WeChat Pay checks first, and pattern of a string. A {@link text} is measured in characters. */
export interface StringForm {
  /** Default 1. */
  readonly min?: number;
  readonly max: number;
  readonly pattern?: RegExp;
}

/** Reads a string of the given length and pattern. */
export function string({ pattern, ...length }: StringForm): Reader<string> {
  return (value, place) => {
    const given = readString(value, place, length, (bytes) => Buffer.byteLength(bytes));
    if (pattern?.test(given) === false) throw patternMismatch(place, given, pattern);
    return given;
  };
}

/** Reads a text for people, such as a description: WeChat Pay documents its length in characters. */
export function text(length: Omit<StringForm, 'pattern'>): Reader<string> {
  return (value, place) => readString(value, place, length, (given) => Array.from(given).length);
}

function readString(
  value: unknown,
  place: Place,
  { min = 1, max }: StringForm,
  lengthOf: (given: string) => number,
): string {
  const given = requireValue(value, place);
  if (typeof given !== 'string') throw wrongType(place, given, '一个 string 类型的 Json 值');
  const length = lengthOf(given);
  if (length < min || length > max) throw wrongLength(place, length, { min, max });
  return given;
}

/** Order number of a query. WeChat Pay documents no minimum length for it. */
export const outTradeNo = string({ max: 32, pattern: /^[0-9a-zA-Z_\-|*@]+$/ });
export const transactionId = string({ max: 32, pattern: /^[0-9A-Za-z_-]+$/ });
export const mchid = string({ max: 32, pattern: /^\d+$/ });
export const appid = string({ max: 32, pattern: /^[0-9A-Za-z_-]+$/ });

export const positiveInteger = integerFrom(1);
export const nonNegativeInteger = integerFrom(0);

/** Reads an integer that is not less than `min`. */
function integerFrom(min: number): Reader<number> {
  return (value, place) => {
    const given = requireValue(value, place);
    if (typeof given !== 'number' || !Number.isSafeInteger(given)) {
      throw wrongType(place, given, '一个合法的 64 位有符号整数');
    }
    if (given < min) throw numberTooSmall(place, given, min);
    return given;
  };
}

export const boolean: Reader<boolean> = (value, place) => {
  const given = requireValue(value, place);
  if (typeof given !== 'boolean') throw wrongType(place, given, '一个 boolean 类型的 Json 值');
  return given;
};

/** Accepts any value; the gateway does not store it. */
export const anyValue: Reader<unknown> = (value) => value;

/** Makes a reader accept an absent parameter. */
export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value, place) => (value === undefined ? undefined : reader(value, place));
}

/** Reads a list with `min` to `max` items. */
export function list<T>(reader: Reader<T>, { min, max }: { min: number; max: number }): Reader<readonly T[]> {
  return (value, { pointer, location }) => {
    const place = { pointer, location };
    const given = requireValue(value, place);
    if (!Array.isArray(given) || given.length < min || given.length > max) {
      throw wrongType(place, given, `一个长度为 ${min} 到 ${max} 的数组`);
    }
    return given.map((item, i) => reader(item, { pointer: `${pointer}/${i}`, location }));
  };
}

/** Reads an object with exactly these fields. */
export function fields<T>(readers: Readers<T>): Reader<T> {
  return (value, place) => {
    const given = requireValue(value, place);
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw wrongType(place, given, '一个 object 类型的 Json 值');
    }
    return readAll(readers, Object.entries(given), place);
  };
}

/**
 * Reads entries; all of them must have a reader, and the other way round.
 *
 * @param within position of the entries; its pointer is empty for the parameters of the request itself
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
  if (values.size < given.length) throw unreadableRequest('请求中含有重复的参数');
  const read = Object.entries<Reader<unknown>>(readers).map(([name, reader]) => [
    name,
    reader(values.get(name), placeOf(name)),
  ]);
  // Sound: every field of T has a reader, which has read its value.
  return Object.fromEntries(read) as T;
}

function requireValue(value: unknown, place: Place): unknown {
  if (value === undefined) throw missingParameter(place);
  return value;
}
