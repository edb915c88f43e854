import { inspect } from 'node:util';
import { oneLine } from './one-line.js';
import { logLine, redact } from './redact.js';

/** Value of a field of a log entry. */
type LogField = string | number | boolean | undefined;

/**
 * Entry for the logger of Nest: fields for a structured logger, one sentence for any other.
 *
 * `ConsoleLogger` of Nest 10 to 12 prints the sentence, as it prints every object that is not a plain one by `toString()` or
 * `util.inspect`; with `json: true` it prints the fields. Loggers such as pino and winston copy the fields into their record.
 *
 * No text in it has line ends, terminal escapes or text directions, except for the line ends between the lines of a list and of
 * the stack: names of merchants and identifiers of notifications and jobs may come from tenants.
 */
export class LogEntry {
  /** The sentence, without the merchant. */
  readonly message: string;
  /** The sentence as text, with the merchant and the stack. */
  readonly #line: string;

  /**
   * @param message text without secrets; more than one line only as a list
   * @param fields without secrets, except for `merchant`, which is redacted; undefined ones are left out
   */
  constructor(message: string | readonly string[], fields: Readonly<Record<string, LogField>>) {
    this.message = [message].flat().map(oneLine).join('\n');
    const safe = Object.entries(fields).map(([name, value]) => [name, safeField(name, value)] as const);
    const { merchant, stack } = Object.fromEntries(safe);
    const line = logLine(typeof merchant === 'string' ? merchant : undefined, this.message);
    this.#line = stack === undefined ? line : `${line}\n${stack}`;
    for (const [name, value] of safe) {
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

function safeField(name: string, value: LogField): LogField {
  if (typeof value !== 'string') return value;
  if (name === 'merchant') return redact(value);
  return name === 'stack' ? value.split('\n').map(oneLine).join('\n') : oneLine(value);
}
