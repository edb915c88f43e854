import { brand } from './brand.js';
import { safeLine } from './redact.js';
import { WxPayError, type WxPayErrorInit } from './wxpay-error.js';

export interface WxPayTransportErrorInit extends WxPayErrorInit {
  readonly timedOut?: boolean | undefined;
  readonly hosts?: readonly string[] | undefined;
  readonly attempts?: number | undefined;
  readonly httpStatus?: number | undefined;
}

/**
 * No usable answer came from WeChat Pay: no connection, no answer in time, or a page that is not WeChat Pay's.
 *
 * `outcomeUnknown` is true if the call may have been carried out.
 */
export class WxPayTransportError extends WxPayError {
  readonly code = 'WXPAY_TRANSPORT';
  /** Whether time ran out, as opposed to a refused connection or an unusable page. */
  readonly timedOut: boolean;
  /** The hosts that were asked, with their ports where those are not the usual ones. */
  readonly hosts: readonly string[];
  /** How often WeChat Pay was asked in all. */
  readonly attempts: number;
  /** The status of the page, where one came. */
  readonly httpStatus?: number;

  static {
    brand(this, 'WxPayTransportError');
  }

  constructor(
    message: string,
    { timedOut = false, hosts = [], attempts = 0, httpStatus, ...init }: WxPayTransportErrorInit = {},
  ) {
    super(message, { retryable: true, ...init });
    this.timedOut = timedOut;
    this.hosts = hosts.map(safeLine);
    this.attempts = attempts;
    if (httpStatus !== undefined) this.httpStatus = httpStatus;
  }
}
