import { STATUS_CODES } from 'node:http';
import {
  BadGatewayException,
  BadRequestException,
  ConflictException,
  GatewayTimeoutException,
  HttpException,
  InternalServerErrorException,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { findError } from '../errors/catalog.js';
import { findMeaningOfKind } from '../errors/special-cases.js';
import { WxPayApiError } from '../errors/wxpay-api-error.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import type { WxPayError } from '../errors/wxpay-error.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { WxPayProtocolError } from '../errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';
import { callerFieldIn } from './caller-fields.js';

/** Body of an error response to the app's own client, over HTTP or any other transport. */
export interface WxPayErrorBody {
  readonly statusCode: number;
  /** The HTTP reason phrase, for example `Not Found`. */
  readonly error: string;
  /** WeChat Pay's error code in the spelling of the current pages, or `WXPAY_…` for a failure without one. */
  readonly code: string;
  readonly message: string;
  /** WeChat Pay's `Request-ID`, if there was a reply with one. */
  readonly requestId?: string;
}

type StatusAndMessage = Pick<WxPayErrorBody, 'statusCode' | 'message'>;

const EXCEPTIONS = new Map(
  [
    BadRequestException,
    NotFoundException,
    ConflictException,
    InternalServerErrorException,
    BadGatewayException,
    ServiceUnavailableException,
    GatewayTimeoutException,
  ].map((exception) => [new exception().getStatus(), exception]),
);

/**
 * Converts a failure into the HTTP exception for the app's own client.
 *
 * The status describes that client's request, not WeChat Pay's reply: a 401 or 403 from WeChat Pay concerns the app's
 * credentials and becomes 500. The message is ours, never upstream text; the error itself is the `cause`.
 */
export function toHttpException(error: WxPayError): HttpException {
  const { statusCode, message } = describeError(error);
  const body: WxPayErrorBody = {
    statusCode,
    error: STATUS_CODES[statusCode] ?? 'Error',
    code: error.code,
    message,
    ...(error instanceof WxPayApiError && error.requestId !== undefined && { requestId: error.requestId }),
  };
  const Exception = EXCEPTIONS.get(statusCode);
  return Exception === undefined
    ? new HttpException(body, statusCode, { cause: error })
    : new Exception(body, { cause: error });
}

function describeError(error: WxPayError): StatusAndMessage {
  if (error instanceof WxPayApiError) return describeApiError(error);
  if (error instanceof WxPayInputError) return { statusCode: 400, message: error.message };
  if (error instanceof WxPayTransportError) return describeTransportError(error);
  if (error instanceof WxPaySignatureError) {
    return { statusCode: 502, message: 'The reply from WeChat Pay could not be verified.' };
  }
  if (error instanceof WxPayProtocolError) {
    return { statusCode: 502, message: 'The reply from WeChat Pay could not be decoded.' };
  }
  if (error instanceof WxPayConfigError) {
    return { statusCode: 500, message: 'The payment service is misconfigured.' };
  }
  return error.retryable
    ? { statusCode: 503, message: 'The payment service is not available at the moment.' }
    : { statusCode: 500, message: 'The payment service failed.' };
}

function describeApiError(error: WxPayApiError): StatusAndMessage {
  const { kind, detail } = error;
  const { status, message } = findMeaningOfKind(error);
  // One code covers mistakes of the app and of its client; the field decides which.
  const field = kind === 'request' && status === 500 ? callerFieldIn(detail?.field) : undefined;
  return field === undefined
    ? { statusCode: status, message }
    : { statusCode: 400, message: `WeChat Pay refused the value of ${field}.` };
}

function describeTransportError({ timedOut, httpStatus }: WxPayTransportError): StatusAndMessage {
  if (timedOut) return { statusCode: 504, message: 'WeChat Pay did not reply in time.' };
  if (httpStatus === 503) return { statusCode: 503, message: findError('SERVICE_UNAVAILABLE').message };
  return { statusCode: 502, message: 'WeChat Pay could not be reached.' };
}
