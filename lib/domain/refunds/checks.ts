import { WxPayInputError } from '../../errors/wxpay-input-error.js';

/** Checks one value. @throws {WxPayInputError} naming `field` */
export type Check<T> = (value: unknown, field: string) => T;

/** Members of an object of the app, of any type. */
export type Members = Readonly<Record<string, unknown>>;

/** Reads an object; its members are not checked yet. */
export const membersOf: Check<Members> = (value, field) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw new WxPayInputError(field, `must be an object; received ${describe(value)}.`);
};

/** Checks an amount in fen, or a number of articles. */
export function wholeNumber(min: number): Check<number> {
  return (value, field) => {
    if (Number.isSafeInteger(value) && (value as number) >= min) return value as number;
    const received = typeof value === 'number' ? 'another number' : describe(value);
    throw new WxPayInputError(field, `must be a whole number, at least ${min}; received ${received}.`);
  };
}

/** Checks a string of 1 to `max` characters. */
export function textUpTo(max: number): Check<string> {
  return (value, field) => {
    // Counted as WeChat Pay counts: by characters, not by UTF-16 units.
    if (typeof value === 'string' && value !== '' && Array.from(value).length <= max) return value;
    throw new WxPayInputError(field, `must be 1 to ${max} characters; received ${describe(value)}.`);
  };
}

export function oneOf<T extends string>(values: readonly T[]): Check<T> {
  return (value, field) => {
    const found = values.find((each) => each === value);
    if (found !== undefined) return found;
    throw new WxPayInputError(field, `must be one of ${values.join(', ')}; received ${describe(value)}.`);
  };
}

/** Checks a list of 1 to `max` items. The field of an item is `goodsDetail[0]`, for example. */
export function listOf<T>(item: Check<T>, max: number): Check<readonly T[]> {
  return (value, field) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > max) {
      throw new WxPayInputError(field, `must be a list of 1 to ${max} items; received ${describe(value)}.`);
    }
    return Array.from(value, (each: unknown, index) => item(each, `${field}[${index}]`));
  };
}

/**
 * Checks an optional member; null counts as absent, as in a database row.
 *
 * @returns an object with the member, or an empty one
 */
export function optionalMember<Name extends string, T>(
  members: Members,
  name: Name,
  check: Check<T>,
  field: string = name,
): { readonly [N in Name]?: T } {
  const value = members[name];
  if (value === undefined || value === null) return {};
  // Sound: the object has one member, with the name and the type of its check.
  return { [name]: check(value, field) } as { readonly [N in Name]?: T };
}

/** Describes a value by its type or length, never by its content. */
function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return `a value of type ${typeof value}`;
}
