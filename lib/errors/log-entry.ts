import { inspect } from 'node:util';
import { logLine } from './redact.js';

/** Value of a field of a log entry. */
type LogField = string | number | boolean | undefined;

/**
 * Entry for the logger of Nest: fields for a structured logger, one sentence for any other.
 *
 * `ConsoleLogger` of Nest 10 to 12 prints the sentence, as it prints every object that is not a plain one by `toString()` or
 * `util.inspect`; with `json: true` it prints the fields. Loggers such as pino and winston copy the fields into their record.
 */
export class LogEntry {
  /** The sentence, without the merchant. */
  readonly message: string;
  /** The sentence as text, with the merchant and the stack. */
  readonly #line: string;

  /**
   * @param message one line without secrets
   * @param fields without secrets; undefined ones are left out
   */
  constructor(message: string, { stack, ...fields }: Readonly<Record<string, LogField>>) {
    this.message = message;
    const { merchant } = fields;
    const line = logLine(typeof merchant === 'string' ? merchant : undefined, message);
    this.#line = stack === undefined ? line : `${line}\n${stack}`;
    for (const [name, value] of Object.entries({ ...fields, stack })) {
      if (value !== undefined) Object.defineProperty(this, name, { value, enumerable: true });
    }
  }

  toString(): string {
    return this.#line;
  }

  [inspect.custom](): string {
    return this.#line;
  }
}
