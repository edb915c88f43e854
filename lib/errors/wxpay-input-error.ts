import { brand } from './brand.js';
import { safeLine } from './redact.js';
import { WxPayError } from './wxpay-error.js';

/** The caller passed a value that WeChat Pay would reject or misread. Thrown before any request other than a query is sent. */
export class WxPayInputError extends WxPayError {
  readonly code = 'WXPAY_INPUT';
  /** Invalid argument, for example `outTradeNo`. */
  readonly field: string;
  /** Time from which the same call is accepted, if it only came too early. */
  declare readonly retryAt?: Date;

  static {
    brand(this, 'WxPayInputError');
  }

  /** @param problem the fault of the field and the expected value, without the value received */
  constructor(field: string, problem: string, { retryAt }: { readonly retryAt?: Date | undefined } = {}) {
    super(`${field} ${problem}`, { retryable: retryAt !== undefined });
    this.field = safeLine(field);
    if (retryAt !== undefined) this.retryAt = retryAt;
  }
}
