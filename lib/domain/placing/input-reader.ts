import { WxPayInputError } from '../../errors/wxpay-input-error.js';

/** Form of a text. */
export interface TextForm {
  /** Minimum length in characters; default 1. */
  readonly min?: number;
  /** Maximum length in characters. */
  readonly max: number;
  readonly pattern?: RegExp;
  /** Requirement in words, to follow "must be"; default: the length. */
  readonly expected?: string;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Reads the members of an object that the app passes. A member that is null, as in a database row, counts as absent.
 *
 * Every method throws a WxPayInputError that names the member and describes its value by type or length, never by content.
 */
export class InputReader {
  readonly #source: Readonly<Record<string, unknown>>;
  readonly #at: string;

  /**
   * @param source the object, which a JavaScript caller may pass in any type
   * @param name name of the argument
   * @param at path of the object in the argument, for example `subOrders[1].`
   */
  constructor(source: unknown, name: string, at = '') {
    if (typeof source !== 'object' || source === null) {
      throw new WxPayInputError(name, `must be an object; received ${describe(source)}.`);
    }
    this.#source = source as Readonly<Record<string, unknown>>;
    this.#at = at;
  }

  /** Path of a member in the argument, as errors name it. */
  pathOf(name: string): string {
    return this.#at + name;
  }

  /** Returns a member of any type; undefined if it is absent. */
  value(name: string): unknown {
    return this.#source[name] ?? undefined;
  }

  text(name: string, form: TextForm): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const { min = 1, max, pattern, expected = `${min} to ${max} characters` } = form;
    if (typeof value !== 'string' || !hasLength(value, min, max) || pattern?.test(value) === false) {
      throw this.fault(name, `must be ${expected}; received ${describe(value)}.`);
    }
    if (LONE_SURROGATE.test(value)) {
      throw this.fault(name, 'contains half of a character: it was cut within an emoji or a rare character.');
    }
    return value;
  }

  requiredText(name: string, form: TextForm): string {
    return this.text(name, form) ?? this.#missing(name);
  }

  /** Reads an integer that JavaScript represents exactly. */
  integer(name: string, { min, max = Number.MAX_SAFE_INTEGER, unit }: IntegerForm): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) {
      return value;
    }
    const limit = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `from ${min} to ${max}`;
    throw this.fault(name, `must be a whole number ${unit}, ${limit}; received ${describe(value)}.`);
  }

  requiredInteger(name: string, form: IntegerForm): number {
    return this.integer(name, form) ?? this.#missing(name);
  }

  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.fault(name, `must be true or false; received ${describe(value)}.`);
  }

  /** Reads an object with `read`. */
  object<T>(name: string, read: (reader: InputReader) => T): T | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    return read(new InputReader(value, this.pathOf(name), `${this.pathOf(name)}.`));
  }

  requiredObject<T>(name: string, read: (reader: InputReader) => T): T {
    return this.object(name, read) ?? this.#missing(name);
  }

  /** Reads a list of `min` to `max` objects with `read`. */
  list<T>(
    name: string,
    { min = 1, max }: Pick<TextForm, 'min' | 'max'>,
    read: (item: InputReader) => T,
  ): readonly T[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.length < min || value.length > max) {
      throw this.fault(name, `must be a list of ${min} to ${max} objects; received ${describe(value)}.`);
    }
    return value.map((item: unknown, index) => {
      const path = `${this.pathOf(name)}[${index}]`;
      return read(new InputReader(item, path, `${path}.`));
    });
  }

  /** Creates the error of a member. */
  fault(name: string, problem: string): WxPayInputError {
    return new WxPayInputError(this.pathOf(name), problem);
  }

  #missing(name: string): never {
    throw this.fault(name, 'is missing.');
  }
}

/** Range of an integer. */
export interface IntegerForm {
  readonly min: number;
  readonly max?: number;
  /** Unit in words, such as `of fen`. */
  readonly unit: string;
}

function hasLength(text: string, min: number, max: number): boolean {
  const length = lengthOf(text);
  return length >= min && length <= max;
}

/** Counts code points: a character outside of the basic plane, such as most emoji, is one. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `a string of ${lengthOf(value)} characters`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return 'a number that is not whole';
  return `a value of type ${typeof value}`;
}
