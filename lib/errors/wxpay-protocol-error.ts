import { brand } from './brand.js';
import { safeLine } from './redact.js';
import { WxPayError, type WxPayErrorInit } from './wxpay-error.js';

export interface WxPayProtocolErrorInit extends Pick<WxPayErrorInit, 'merchant' | 'cause'> {
  readonly httpStatus?: number | undefined;
  /** The verified message, where it could be parsed. */
  readonly raw?: unknown;
}

/** A verified reply is not what WeChat Pay's documentation promises: another order, a wrong type, not JSON. */
export class WxPayProtocolError extends WxPayError {
  readonly code = 'WXPAY_PROTOCOL';
  /** Where in the reply, as a JSON path such as `$.amount.total`. */
  readonly path: string;
  /** The status that WeChat Pay answered, where it was not the one of a success. */
  readonly httpStatus?: number;
  readonly #raw: unknown;

  static {
    brand(this, 'WxPayProtocolError');
  }

  constructor(path: string, message: string, { httpStatus, raw, ...init }: WxPayProtocolErrorInit = {}) {
    // Accepted but not finished, or a failure of the server.
    super(message, {
      ...init,
      retryable: httpStatus !== undefined && (httpStatus === 202 || httpStatus >= 500),
    });
    this.path = safeLine(path);
    if (httpStatus !== undefined) this.httpStatus = httpStatus;
    this.#raw = raw;
  }

  /**
   * The verified reply or notification as received, as `Order.raw` is: its objects have no prototype. Undefined if it could
   * not be parsed, or could not be verified. A getter, so that no log shows it; it may hold personal data.
   */
  get raw(): unknown {
    return this.#raw;
  }
}
