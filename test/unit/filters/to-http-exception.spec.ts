import { describe, expect, it } from '@jest/globals';
import {
  BadGatewayException,
  BadRequestException,
  ConflictException,
  GatewayTimeoutException,
  InternalServerErrorException,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { ERROR_CATALOG, findError } from '../../../lib/errors/catalog.js';
import { OrderTrackingError } from '../../../lib/bullmq/order-tracking-error.js';
import { WxPayApiError, type WxPayApiErrorInit } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayConfigError } from '../../../lib/errors/wxpay-config-error.js';
import { WxPayError } from '../../../lib/errors/wxpay-error.js';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';
import { WxPayProtocolError } from '../../../lib/errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../../../lib/errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { toHttpException } from '../../../lib/filters/to-http-exception.js';
import { secondCopyOfErrors } from '../../support/harness/second-copy.js';

const refusal = (init: Partial<WxPayApiErrorInit>): WxPayApiErrorInit => ({
  call: { operation: 'order.query', subject: 'order T1', merchant: 'default' },
  code: 'ORDER_NOT_EXIST',
  httpStatus: 404,
  signed: false,
  ...init,
});
const refused = (init: Partial<WxPayApiErrorInit>): WxPayApiError => new WxPayApiError(refusal(init));

class AppError extends WxPayError {
  readonly code = 'APP_ERROR';
}

describe('toHttpException', () => {
  it('responds to an error of another entry by whether the same call may succeed later', () => {
    const full = new OrderTrackingError('Redis is full.');
    const parked = new OrderTrackingError('Order T1 is parked.', { retryable: false });

    expect(toHttpException(full)).toBeInstanceOf(ServiceUnavailableException);
    expect(toHttpException(full).getResponse()).toMatchObject({
      statusCode: 503,
      code: 'WXPAY_TRACKING',
      message: 'The payment service is not available at the moment.',
    });
    expect(toHttpException(parked)).toBeInstanceOf(InternalServerErrorException);
  });

  it.each(ERROR_CATALOG)('responds to $code with the status and the message of the catalog', (entry) => {
    const { code, status, message } = entry;
    const call = { operation: 'order.prepay', subject: 'order T1', merchant: 'default' };

    const exception = toHttpException(refused({ code, call, text: 'upstream says something internal' }));

    expect(exception.getStatus()).toBe(status);
    expect(exception.getResponse()).toEqual({ statusCode: status, error: expect.any(String), code, message });
  });

  it.each([
    ['order.prepay', '订单号重复', 'The order number is already used.'],
    ['refund.create', '订单已全额退款', 'The order cannot be refunded like this.'],
  ])('responds to INVALID_REQUEST of %s, which says %s, with "%s"', (operation, text, message) => {
    const call = { operation, subject: 'order T1', merchant: 'default' };

    const exception = toHttpException(refused({ code: 'INVALID_REQUEST', httpStatus: 400, call, text }));

    expect(exception.getResponse()).toMatchObject({ statusCode: 409, message });
  });

  it.each([
    ['bad input', new WxPayInputError('outTradeNo', 'is missing.'), BadRequestException, 'Bad Request'],
    ['a missing order', refused({ code: 'ORDERNOTEXIST' }), NotFoundException, 'Not Found'],
    ['a paid order', refused({ code: 'ORDERPAID' }), ConflictException, 'Conflict'],
    [
      'wrong credentials',
      refused({ code: 'SIGN_ERROR', httpStatus: 401 }),
      InternalServerErrorException,
      'Internal Server Error',
    ],
    [
      'a missing permission',
      refused({ code: 'NO_AUTH', httpStatus: 403 }),
      InternalServerErrorException,
      'Internal Server Error',
    ],
    [
      'a busy WeChat Pay',
      refused({ code: 'SYSTEM_ERROR' }),
      ServiceUnavailableException,
      'Service Unavailable',
    ],
    [
      'a limit with a code of the future',
      refused({ code: 'SLOW_DOWN', httpStatus: 429 }),
      ServiceUnavailableException,
      'Service Unavailable',
    ],
    ['a code of the future', refused({ code: 'BRAND_NEW' }), BadGatewayException, 'Bad Gateway'],
    [
      'no reply in time',
      new WxPayTransportError('x', { timedOut: true }),
      GatewayTimeoutException,
      'Gateway Timeout',
    ],
    [
      'a page that says 503',
      new WxPayTransportError('x', { httpStatus: 503 }),
      ServiceUnavailableException,
      'Service Unavailable',
    ],
    [
      "a page that is not WeChat Pay's",
      new WxPayTransportError('x', { httpStatus: 404 }),
      BadGatewayException,
      'Bad Gateway',
    ],
    ['no connection', new WxPayTransportError('x'), BadGatewayException, 'Bad Gateway'],
    ['an unverifiable answer', new WxPaySignatureError('missing'), BadGatewayException, 'Bad Gateway'],
    ['an unexpected answer', new WxPayProtocolError('$', 'x'), BadGatewayException, 'Bad Gateway'],
    [
      'a wrong configuration',
      new WxPayConfigError(['x']),
      InternalServerErrorException,
      'Internal Server Error',
    ],
    [
      'an error that the app derived',
      new AppError('x'),
      InternalServerErrorException,
      'Internal Server Error',
    ],
  ])("converts %s to Nest's own exception, with the error as its cause", (_, error, type, phrase) => {
    const exception = toHttpException(error);

    expect(exception).toBeInstanceOf(type);
    expect(exception.cause).toBe(error);
    expect(exception.getResponse()).toEqual({
      statusCode: exception.getStatus(),
      error: phrase,
      code: error.code,
      message: expect.stringMatching(/\.$/),
    });
  });

  it('passes on the message of an input error, because it says what to correct', () => {
    expect(toHttpException(new WxPayInputError('outTradeNo', 'is missing.')).message).toBe(
      'outTradeNo is missing.',
    );
  });

  it('includes the Request-ID if there is one', () => {
    expect(toHttpException(refused({ requestId: '0887-268512771' })).getResponse()).toMatchObject({
      requestId: '0887-268512771',
    });
  });

  it('keeps the configuration out of the message', () => {
    const exception = toHttpException(new WxPayConfigError(['WXPAY_MCHID is missing.'], { merchant: 'eu' }));

    expect(exception.getResponse()).toEqual({
      statusCode: 500,
      error: 'Internal Server Error',
      code: 'WXPAY_CONFIG',
      message: 'The payment service is misconfigured.',
    });
  });

  it.each([
    ['a refund', 'GET /v3/refund/domestic/refunds/R1', 404, 'The refund or its order does not exist.'],
    ['anything else', 'GET /v3/profitsharing/orders/P1', 404, 'The requested resource does not exist.'],
  ])('responds that %s does not exist', (_, subject, status, message) => {
    const call = { operation: 'request', subject, merchant: 'default' };

    const exception = toHttpException(refused({ call, code: 'RESOURCE_NOT_EXISTS' }));

    expect(exception.getResponse()).toMatchObject({ statusCode: status, message });
  });

  it.each([
    ['RESOURCE_NOT_EXISTS', 404],
    ['INVALID_TRANSACTIONID', 400],
  ])('responds to %s with the 4xx status and message of its catalog row', (code, status) => {
    const exception = toHttpException(refused({ code, detail: { field: 'transaction_id' } }));

    expect(exception.getStatus()).toBe(status);
    expect(exception.message).toBe(findError(code).message);
  });

  it('responds with 500 for a missing platform certificate', () => {
    const call = { operation: 'certificates.download', subject: 'merchant 1900000001', merchant: 'default' };

    const exception = toHttpException(refused({ call, code: 'RESOURCE_NOT_EXISTS' }));

    expect(exception.getResponse()).toMatchObject({
      statusCode: 500,
      message: 'The payment service is misconfigured.',
    });
  });

  it('responds with 500 if the app names no sub-merchant, which its own client cannot mend', () => {
    const exception = toHttpException(
      refused({ code: 'NO_AUTH', httpStatus: 200, detail: { field: 'sub_mch_id' } }),
    );

    expect(exception.getResponse()).toMatchObject({
      statusCode: 500,
      message: 'The payment service lacks a permission.',
    });
  });

  it('responds with 500 for a wrong public key id', () => {
    const text = '平台证书序列号Wechatpay-Serial错误';

    const exception = toHttpException(refused({ code: 'PARAM_ERROR', httpStatus: 400, text }));

    expect(exception.getResponse()).toMatchObject({
      statusCode: 500,
      message: 'The payment service is misconfigured.',
    });
  });

  it('translates the errors of another copy of the package', () => {
    const theirs = secondCopyOfErrors();

    const exception = toHttpException(new theirs.WxPayApiError(refusal({ requestId: '0887-1' })));

    expect(exception).toBeInstanceOf(NotFoundException);
    expect(exception.getResponse()).toMatchObject({ code: 'ORDER_NOT_EXIST', requestId: '0887-1' });
  });
});
