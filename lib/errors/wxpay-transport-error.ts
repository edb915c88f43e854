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
 * WeChat Pay sent no usable reply: no connection, no reply in time, or a page of another server.
 *
 * `outcomeUnknown` is true if the call may have been carried out.
 */
export class WxPayTransportError extends WxPayError {
  readonly code = 'WXPAY_TRANSPORT';
  /** True for a timeout, false for a refused connection or an unusable reply. */
  readonly timedOut: boolean;
  /** Hosts that were tried, with their ports unless they are the default ones. */
  readonly hosts: readonly string[];
  /** Number of attempts. */
  readonly attempts: number;
  /** HTTP status of the unusable reply, if there was one. */
  declare readonly httpStatus?: number;

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
