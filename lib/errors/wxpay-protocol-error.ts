import { brand } from './brand.js';
import { removeSecrets } from './redact.js';
import { WxPayError, type WxPayErrorInit } from './wxpay-error.js';

/** A verified reply is not what WeChat Pay's documentation promises: another order, a wrong type, not JSON. */
export class WxPayProtocolError extends WxPayError {
  readonly code = 'WXPAY_PROTOCOL';
  /** Where in the reply, as a JSON path such as `$.amount.total`. */
  readonly path: string;
  /** The status that WeChat Pay answered, where it was not the one of a success. */
  readonly httpStatus?: number;

  static {
    brand(this, 'WxPayProtocolError');
  }

  constructor(
    path: string,
    message: string,
    {
      httpStatus,
      ...init
    }: Pick<WxPayErrorInit, 'merchant' | 'cause'> & { readonly httpStatus?: number } = {},
  ) {
    // Accepted but not finished, or a failure of the server.
    super(message, {
      ...init,
      retryable: httpStatus !== undefined && (httpStatus === 202 || httpStatus >= 500),
    });
    this.path = removeSecrets(path);
    if (httpStatus !== undefined) this.httpStatus = httpStatus;
  }
}
