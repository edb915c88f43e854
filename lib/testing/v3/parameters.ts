import { paramError, SUPERFLUOUS } from './problem.js';

/** Where a parameter stands: its name, with the path to it, and the part of the request. */
export interface Place {
  readonly field: string;
  readonly location: 'path' | 'query' | 'body';
}

/** Reads a parameter; undefined is an absent one. @throws {Problem} 400 naming the parameter */
export type Reader<T> = (value: unknown, place: Place) => T;

/** What an object holds, field by field. */
export type Readers<T> = { readonly [Field in keyof T]: Reader<T[Field]> };

/** A text that looks as it should. */
export function text(pattern: RegExp): Reader<string> {
  return (value, place) => {
    const given = present(value, place);
    if (typeof given !== 'string' || !pattern.test(given)) throw paramError(place, '格式错误');
    return given;
  };
}

/** A positive whole number. */
export const positive: Reader<number> = (value, place) => {
  const given = present(value, place);
  if (typeof given !== 'number' || !Number.isSafeInteger(given) || given < 1)
    throw paramError(place, '格式错误');
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
  return (value, { field, location }) => {
    const given = present(value, { field, location });
    if (!Array.isArray(given) || given.length < min || given.length > max)
      throw paramError({ field, location }, '格式错误');
    return given.map((item, i) => reader(item, { field: `${field}[${i}]`, location }));
  };
}

/** An object with exactly these fields. */
export function fields<T>(readers: Readers<T>): Reader<T> {
  return (value, place) => {
    const given = present(value, place);
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw paramError(place, '格式错误');
    return readAll(readers, Object.entries(given), place.location, `${place.field}.`);
  };
}

/**
 * Reads entries that must be exactly those named.
 *
 * @param prefix what leads to them, for example `amount.`
 */
export function readAll<T>(
  readers: Readers<T>,
  given: readonly (readonly [string, unknown])[],
  location: Place['location'],
  prefix = '',
): T {
  for (const [i, [name]] of given.entries()) {
    const place = { field: prefix + name, location };
    if (!Object.hasOwn(readers, name)) throw paramError(place, SUPERFLUOUS);
    if (given.findIndex(([other]) => other === name) !== i) throw paramError(place, '重复的参数');
  }
  const values = new Map(given);
  const read = Object.entries<Reader<unknown>>(readers).map(([name, reader]) => [
    name,
    reader(values.get(name), { field: prefix + name, location }),
  ]);
  // Every field of T has a reader, and each was read with its own.
  return Object.fromEntries(read) as T;
}

function present(value: unknown, place: Place): unknown {
  if (value === undefined) throw paramError(place, '缺少必填参数');
  return value;
}
