import type { LeftOutFields } from '../telemetry/left-out-fields.js';

/** Error for a verified message that differs from the documentation. The pipeline adds the name of the call, the notification reader that of the notification. */
export class UnexpectedField extends Error {
  /** Path of the value, such as `$.total_fee`. */
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path} ${problem}`);
    this.path = path;
  }
}

const DIGITS = /^\d{1,16}$/;
/** Forms of a time, with a group for each part. */
const TIMES = {
  yyyyMMddHHmmss: /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/,
  'yyyy-MM-dd HH:mm:ss': /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/,
};
const EIGHT_HOURS = 8 * 3_600_000;

/**
 * Reads fields of a reply, and of the JSON in some of them. An empty field counts as absent: WeChat Pay sends both for
 * "none". Any other value of the wrong type is an {@link UnexpectedField}.
 */
export class FieldReader {
  readonly #source: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #leftOut: LeftOutFields | undefined;

  /** @param options `path` of the source in the message; `leftOut` collects the paths of unreadable lenient fields */
  constructor(
    source: Readonly<Record<string, unknown>>,
    { path = '$', leftOut }: { readonly path?: string; readonly leftOut?: LeftOutFields } = {},
  ) {
    this.#source = source;
    this.#path = path;
    this.#leftOut = leftOut;
  }

  /**
   * Reads a lenient field, that is, one that no decision depends on. An unreadable value is left out, so that a flaw in a coupon does not hide a
   * payment. Merchants, numbers, states and the amounts of paid orders are never lenient.
   */
  lenient<T>(read: (reader: FieldReader) => T): T | undefined {
    try {
      return read(this);
    } catch (error) {
      if (!(error instanceof UnexpectedField)) throw error;
      this.#leftOut?.add(error.path);
      return undefined;
    }
  }

  text(name: string): string | undefined {
    const value = this.#source[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') throw this.#unexpected(name, 'a string');
    return value;
  }

  requiredText(name: string): string {
    return this.text(name) ?? this.#missing(name);
  }

  /** Reads an integer that JavaScript represents exactly: a string of digits or, in JSON, a number. */
  integer(name: string): number | undefined {
    const value = this.#source[name];
    if (value === undefined || value === null || value === '') return undefined;
    const number = typeof value === 'string' && DIGITS.test(value) ? Number(value) : value;
    if (!Number.isSafeInteger(number)) throw this.#unexpected(name, 'a whole number in digits');
    return number as number;
  }

  requiredInteger(name: string): number {
    return this.integer(name) ?? this.#missing(name);
  }

  /** Reads a time in China's time zone, not in the local one. */
  time(name: string, form: keyof typeof TIMES = 'yyyyMMddHHmmss'): Date | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const parts = TIMES[form].exec(value)?.slice(1) ?? [];
    const [year, month, day, ...clock] = parts;
    const beijing = new Date(`${year}-${month}-${day}T${clock.join(':')}Z`);
    // A date such as February 30 would be read as one in March.
    const isReal =
      !Number.isNaN(beijing.getTime()) && beijing.toISOString().replace(/\D/g, '') === `${parts.join('')}000`;
    if (!isReal) throw this.#unexpected(name, `a time as ${form}`);
    return new Date(beijing.getTime() - EIGHT_HOURS);
  }

  /** Reads a list of objects in JSON, and leaves out those that `read` cannot read. */
  list<T>(name: string, read: (item: FieldReader) => T): readonly T[] | undefined {
    const value = this.#source[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (!Array.isArray(value)) throw this.#unexpected(name, 'a list');
    return value.flatMap((item: unknown, index): readonly T[] => {
      const path = `${this.#path}.${name}[${index}]`;
      const reader = new FieldReader(isObject(item) ? item : {}, { path, leftOut: this.#leftOut });
      return reader.lenient(() => [read(reader)]) ?? [];
    });
  }

  #missing(name: string): never {
    throw new UnexpectedField(`${this.#path}.${name}`, 'is missing.');
  }

  /** Describes the received value by its type or length, never by its content. */
  #unexpected(name: string, expected: string): UnexpectedField {
    const value = this.#source[name];
    const given =
      typeof value === 'string' ? `a string of ${value.length} characters` : `of type ${typeof value}`;
    return new UnexpectedField(`${this.#path}.${name}`, `is ${given}, not ${expected}.`);
  }
}

/** Tells whether a JSON value is an object, as opposed to a list, a string and so on. */
export function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** Leaves out undefined members, so that an absent field has no key. */
export function withoutUndefined<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
