import { brand } from './brand.js';
import { safeLine } from './redact.js';
import { safeCause } from './safe-cause.js';

export interface WxPayErrorInit {
  readonly retryable?: boolean | undefined;
  readonly merchant?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Base class of all errors of this module. Catch it to tell WeChat Pay failures from your own; catch a subclass to act on one
 * kind.
 *
 * Safe to log: message, fields, `cause`, `JSON.stringify(error)` and `util.inspect(error)` contain no key, signature,
 * `Authorization` header, openid or body.
 */
export abstract class WxPayError extends Error {
  /** WeChat Pay's error code for {@link WxPayApiError}, a constant of the class otherwise. */
  abstract readonly code: string;
  /** True if the same call may succeed later without any change, and does no harm if it already succeeded. */
  readonly retryable: boolean;
  /**
   * True if WeChat Pay may have carried out the call and no reply confirms it: query the outcome before you retry, unless
   * `retryable` is true as well. Absent otherwise, and for calls that change nothing.
   */
  declare readonly outcomeUnknown?: boolean;
  /** Name under which the merchant is registered; absent if the error occurred before a merchant was chosen. */
  declare readonly merchant?: string;

  static {
    brand(this, 'WxPayError');
  }

  /** @param message one line, or a list of lines; line ends and control characters within a line become spaces */
  constructor(
    message: string | readonly string[],
    { retryable = false, merchant, cause }: WxPayErrorInit = {},
  ) {
    super([message].flat().map(safeLine).join('\n'));
    this.retryable = retryable;
    if (merchant !== undefined) this.merchant = safeLine(merchant);
    if (cause !== undefined) {
      const value = cause instanceof WxPayError ? cause : safeCause(cause);
      Object.defineProperty(this, 'cause', { value, configurable: true, writable: true });
    }
  }

  /** Returns the fields of the error, its message and the message of its cause, for structured logs. */
  toJSON(): Record<string, unknown> {
    const { name, message, cause } = this;
    return Object.fromEntries([
      ['name', name],
      ['message', message],
      ...Object.entries(this),
      ...(cause instanceof Error ? [['cause', `${cause.name}: ${cause.message}`]] : []),
    ]);
  }
}
