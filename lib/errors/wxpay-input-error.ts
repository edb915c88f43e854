import { brand } from './brand.js';
import { safeLine } from './redact.js';
import { WxPayError } from './wxpay-error.js';

/** The caller passed a value that WeChat Pay would refuse or misread. Thrown before anything but a query is sent. */
export class WxPayInputError extends WxPayError {
  readonly code = 'WXPAY_INPUT';
  /** The argument at fault, for example `outTradeNo`. */
  readonly field: string;
  /** Time from which the same call is accepted, if only time is missing. */
  readonly retryAt?: Date;

  static {
    brand(this, 'WxPayInputError');
  }

  /** @param problem what is wrong with the field and what is expected, without the value received */
  constructor(field: string, problem: string, { retryAt }: { readonly retryAt?: Date } = {}) {
    super(`${field} ${problem}`, { retryable: retryAt !== undefined });
    this.field = safeLine(field);
    if (retryAt !== undefined) this.retryAt = retryAt;
  }
}
