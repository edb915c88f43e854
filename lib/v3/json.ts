import { isUtf8 } from 'node:buffer';
import type { LeftOutFields } from '../telemetry/left-out-fields.js';
import { parseExactly } from './parse-exactly.js';

/** Error for a verified message that differs from the documentation. The pipeline adds the name of the call, the notification reader that of the notification. */
export class UnexpectedJson extends Error {
  /** Path of the value, such as `$.amount.total`. */
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path} ${problem}`);
    this.path = path;
  }
}

/**
 * Converts an unknown value to a known type, or throws {@link UnexpectedJson} with the path. Adds the paths of
 * the fields that it leaves out to `leftOut`.
 */
export type Reader<T> = (value: unknown, path: string, leftOut?: LeftOutFields) => T;

type JsonObject = Readonly<Record<string, unknown>>;

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Parses JSON from UTF-8 bytes. Its objects have no prototype, so that a member `__proto__` is a member like any other. A
 * number that JavaScript cannot represent exactly becomes a string.
 */
export function parseJson(body: Uint8Array): unknown {
  if (!isUtf8(body)) throw new UnexpectedJson('$', `is not UTF-8 (${body.length} bytes).`);
  const decoded = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  try {
    return withoutPrototypes(parseExactly(decoded.startsWith(BYTE_ORDER_MARK) ? decoded.slice(1) : decoded));
  } catch {
    throw new UnexpectedJson('$', `is not JSON (${body.length} bytes).`);
  }
}

/** Parses JSON as {@link parseJson} does; returns undefined if the body is not JSON. */
export function jsonOrUndefined(body: Uint8Array): unknown {
  try {
    return parseJson(body);
  } catch (error) {
    if (!(error instanceof UnexpectedJson)) throw error;
    return undefined;
  }
}

function withoutPrototypes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (const element of value) withoutPrototypes(element);
    return value;
  }
  Object.setPrototypeOf(value, null);
  for (const name in value) withoutPrototypes((value as JsonObject)[name]);
  return value;
}

/** Reads any string, including the empty one. */
export const text: Reader<string> = (value, path) => {
  if (typeof value !== 'string') throw mismatch(value, path, 'a string');
  return value;
};

/** Reads a name or number that identifies something; never empty. */
export const identifier: Reader<string> = (value, path) => {
  if (text(value, path) === '') throw new UnexpectedJson(path, 'is empty.');
  return value as string;
};

/** Reads an integer that JavaScript represents exactly. */
export const integer: Reader<number> = (value, path) => {
  if (!Number.isSafeInteger(value)) throw mismatch(value, path, 'an integer');
  return value as number;
};

// https://www.rfc-editor.org/rfc/rfc3339: the zone is mandatory; a date without one would be read in the local zone. WeChat
// Pay has also written `+0800`, which is unambiguous.
const RFC_3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(?:Z|([+-]\d{2}):?(\d{2}))$/;

/** Reads a date and time in RFC 3339 with its zone, for example `2018-06-08T10:34:56+08:00`. */
export const dateTime: Reader<Date> = (value, path) => {
  const parts = typeof value === 'string' ? RFC_3339.exec(value) : null;
  const [, local = '', hours = '+00', minutes = '00'] = parts ?? [];
  const date = parts === null ? undefined : new Date(`${local}${hours}:${minutes}`);
  if (date === undefined || Number.isNaN(date.getTime())) {
    throw mismatch(value, path, 'an RFC 3339 date with a zone');
  }
  return date;
};

/** Reads a list; `item` reads each element. */
export function list<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value, path, leftOut) =>
    elements(value, path).map((element, index) => item(element, `${path}[${index}]`, leftOut));
}

/** Name and reader of one field of an object. */
export interface Field<T> {
  readonly wireName: string;
  /** Another name that WeChat Pay has used for it, read if the first one is absent. */
  readonly otherName?: string;
  readonly read: Reader<T>;
}

/** Defines a field that the documentation promises. */
export function required<T>(wireName: string, read: Reader<T>, otherName?: string): Field<T> {
  return { wireName, read, ...(otherName === undefined ? {} : { otherName }) };
}

/**
 * Defines a field that may be absent; null and the empty string, which WeChat Pay also sends for "none", count as absent.
 */
export function optional<T>(wireName: string, read: Reader<T>): Field<T | undefined> {
  return {
    wireName,
    read: (value, path, leftOut) => (isAbsent(value) ? undefined : read(value, path, leftOut)),
  };
}

/** Defines an {@link optional} field in which an empty list or object counts as absent, too. */
export function optionalOrNone<T>(wireName: string, read: Reader<T>): Field<T | undefined> {
  return {
    wireName,
    read: (value, path, leftOut) => (isNone(value) ? undefined : read(value, path, leftOut)),
  };
}

type Fields<T> = { readonly [Name in keyof T]-?: Field<T[Name]> };

/** Reads an object by a table that maps our names to the fields of WeChat Pay. Absent fields get no key. */
export function object<T extends object>(fields: Fields<T>): Reader<T> {
  const table = Object.entries(fields) as [keyof T & string, Field<unknown>][];
  return (value, path, leftOut) => {
    const source = members(value, path);
    const result: Partial<Record<keyof T, unknown>> = {};
    for (const [name, { wireName, otherName, read }] of table) {
      const isOther = otherName !== undefined && isAbsent(source[wireName]) && !isAbsent(source[otherName]);
      const key = isOther ? otherName : wireName;
      const member = read(source[key], `${path}.${key}`, leftOut);
      if (member !== undefined) result[name] = member;
    }
    // Sound: the table has an entry for every field of T, and each reader has returned its type or thrown.
    return result as T;
  };
}

/** Tells whether a value is one that WeChat Pay sends for "none" in any field. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** Tells whether a value is absent, or the empty list or object that WeChat Pay also sends for "none". */
export function isNone(value: unknown): boolean {
  return isAbsent(value) || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
}

/** Returns the elements of a JSON array. */
export function elements(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw mismatch(value, path, 'an array');
  return value;
}

/** Returns a member of a JSON object; undefined if the value is not an object. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)[name]
    : undefined;
}

/** Returns the members of a JSON object. */
export function members(value: unknown, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mismatch(value, path, 'an object');
  }
  return value as JsonObject;
}

/** Describes the received value by its type or length, never by its content. */
function mismatch(value: unknown, path: string, expected: string): UnexpectedJson {
  return new UnexpectedJson(path, `is ${nameOf(value)}, not ${expected}.`);
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
