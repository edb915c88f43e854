import { withUnknownOutcome } from '../../../lib/errors/unknown-outcome.js';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayConfigError } from '../../../lib/errors/wxpay-config-error.js';
import type { WxPayError } from '../../../lib/errors/wxpay-error.js';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';
import { WxPayProtocolError } from '../../../lib/errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../../../lib/errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { secondCopyOfErrors } from '../../support/harness/second-copy.js';

const theirs = secondCopyOfErrors();
const call = { operation: 'order.query', subject: 'order T1', merchant: 'eu' };

const limited = (retryAfterMs: number): WxPayApiError =>
  new WxPayApiError({ call, code: 'FREQUENCY_LIMITED', httpStatus: 429, signed: false, retryAfterMs });

const busy = (): WxPayApiError =>
  new WxPayApiError({ call, code: 'SYSTEM_ERROR', httpStatus: 500, signed: false });

/** What the handlers of the test apps throw, by name. */
export const FAILURES = {
  input: () => new WxPayInputError('outTradeNo', 'is missing.'),
  young: () =>
    new WxPayInputError('createdAt', 'is too recent.', { retryAt: new Date('2026-06-01T12:00:00Z') }),
  missing: () =>
    new WxPayApiError({
      call,
      code: 'ORDER_NOT_EXIST',
      httpStatus: 404,
      signed: false,
      text: '订单不存在',
      requestId: '0887-268512771',
    }),
  paid: () => new WxPayApiError({ call, code: 'ORDERPAID', httpStatus: 400, signed: false }),
  unauthorized: () => new WxPayApiError({ call, code: 'SIGN_ERROR', httpStatus: 401, signed: false }),
  forbidden: () => new WxPayApiError({ call, code: 'NO_AUTH', httpStatus: 403, signed: false }),
  limited: () => limited(1_200),
  hasty: () => limited(0),
  faulty: () => new WxPayApiError({ call, code: 'INVALID_REQ_TOO_MUCH', httpStatus: 200, signed: false }),
  endless: () => limited(Infinity),
  busy,
  open: () => withUnknownOutcome(busy(), { isIdempotent: false, advice: 'Ask for its outcome first.' }),
  late: () => new WxPayTransportError('No host answered in time.', { timedOut: true, merchant: 'eu' }),
  unreachable: () => new WxPayTransportError('No host could be reached.', { merchant: 'eu' }),
  unverifiable: () => new WxPaySignatureError('missing', 'A signature header is absent.', { merchant: 'eu' }),
  odd: () => new WxPayProtocolError('$.amount', 'It is no object.', { merchant: 'eu' }),
  misconfigured: () => new WxPayConfigError(['WXPAY_MCHID is missing.', 'WXPAY_APPID is missing.']),
  theirs: () => new theirs.WxPayApiError({ call, code: 'ORDER_NOT_EXIST', httpStatus: 404, signed: false }),
} satisfies Record<string, () => WxPayError>;

export type FailureName = keyof typeof FAILURES;

/** The whole answer to `missing`, the same in every context. */
export const MISSING_BODY = {
  statusCode: 404,
  error: 'Not Found',
  code: 'ORDER_NOT_EXIST',
  message: 'The order does not exist.',
  requestId: '0887-268512771',
};
