import { brand } from './brand.js';
import { safeLine } from './redact.js';
import { safeCause } from './safe-cause.js';

export interface WxPayErrorInit {
  readonly retryable?: boolean | undefined;
  readonly merchant?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Every failure of this module. Catch it to tell WeChat Pay failures from your own; catch a subclass to act on one kind.
 *
 * Safe to log: message, fields, `cause`, `JSON.stringify(error)` and `util.inspect(error)` hold no key, signature,
 * `Authorization` header, openid or body.
 */
export abstract class WxPayError extends Error {
  /** WeChat's own error code for {@link WxPayApiError}, a constant of the class otherwise. */
  abstract readonly code: string;
  /** Whether the same call may succeed later without any change, and does no harm if it succeeded before. */
  readonly retryable: boolean;
  /**
   * True if WeChat Pay may have carried the call out, and no answer says so: ask for its outcome before you repeat it, unless
   * `retryable` is true as well. Absent otherwise, and for calls that change nothing.
   */
  declare readonly outcomeUnknown?: boolean;
  /** The name under which the merchant is registered; absent where the error precedes any merchant. */
  declare readonly merchant?: string;

  static {
    brand(this, 'WxPayError');
  }

  /** @param message one line, or lines of their own; line ends and control characters within become spaces */
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

  /** The fields of the error with its message and the message of its cause, for structured logs. */
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
