import { brand } from './brand.js';
import { safeLine } from './redact.js';
import { WxPayError, type WxPayErrorInit } from './wxpay-error.js';

export interface WxPayProtocolErrorInit extends Pick<WxPayErrorInit, 'merchant' | 'cause'> {
  readonly httpStatus?: number | undefined;
  /** Verified message, if it could be parsed. */
  readonly raw?: unknown;
}

/** A verified reply contradicts WeChat Pay's documentation: another order, a wrong type, not JSON. */
export class WxPayProtocolError extends WxPayError {
  readonly code = 'WXPAY_PROTOCOL';
  /** Position in the reply, as a JSON path such as `$.amount.total`. */
  readonly path: string;
  /** HTTP status of the reply, if it was not a success. */
  declare readonly httpStatus?: number;
  readonly #raw: unknown;

  static {
    brand(this, 'WxPayProtocolError');
  }

  constructor(path: string, message: string, { httpStatus, raw, ...init }: WxPayProtocolErrorInit = {}) {
    super(message, { ...init, retryable: isTransient(httpStatus) });
    this.path = safeLine(path);
    if (httpStatus !== undefined) this.httpStatus = httpStatus;
    this.#raw = raw;
  }

  /**
   * Verified reply or notification as received, like `Order.raw`: its objects have no prototype. Undefined if it could not be
   * parsed or verified. A getter, so that logs leave it out; it may contain personal data.
   */
  get raw(): unknown {
    return this.#raw;
  }
}

/** 202: accepted but not finished. 5xx: a failure of the server. */
function isTransient(httpStatus = 200): boolean {
  return httpStatus === 202 || httpStatus >= 500;
}
