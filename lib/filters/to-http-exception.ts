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

/** What the client of the app is told, over HTTP or any other transport. */
export interface WxPayErrorBody {
  readonly statusCode: number;
  /** The HTTP reason phrase, for example `Not Found`. */
  readonly error: string;
  /** WeChat's own code in the spelling of the current pages, or `WXPAY_…` where WeChat said nothing. */
  readonly code: string;
  readonly message: string;
  /** WeChat Pay's name for the exchange, where there was one. */
  readonly requestId?: string;
}

type Answer = Pick<WxPayErrorBody, 'statusCode' | 'message'>;

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
 * Translates a failure into the answer for the app's own client.
 *
 * The status describes that client's request, not what WeChat Pay answered: WeChat's 401 and 403 are about the
 * app's credentials and become 500. The message is ours, never text from upstream; the error itself is the `cause`.
 */
export function toHttpException(error: WxPayError): HttpException {
  const { statusCode, message } = answerTo(error);
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

function answerTo(error: WxPayError): Answer {
  if (error instanceof WxPayApiError) return answerToRefusal(error);
  if (error instanceof WxPayInputError) return { statusCode: 400, message: error.message };
  if (error instanceof WxPayTransportError) return answerToSilence(error);
  if (error instanceof WxPaySignatureError) {
    return { statusCode: 502, message: 'The answer of WeChat Pay could not be verified.' };
  }
  if (error instanceof WxPayProtocolError) {
    return { statusCode: 502, message: 'The answer of WeChat Pay could not be understood.' };
  }
  if (error instanceof WxPayConfigError) {
    return { statusCode: 500, message: 'The payment service is misconfigured.' };
  }
  return { statusCode: 500, message: 'The payment service failed.' };
}

function answerToRefusal({ code, httpStatus, kind, detail }: WxPayApiError): Answer {
  const { status, message } = findMeaningOfKind(code, httpStatus, kind);
  // One code covers the app's mistakes and its client's: the field tells whose value it was.
  const field = kind === 'request' && status === 500 ? callerFieldIn(detail?.field) : undefined;
  return field === undefined
    ? { statusCode: status, message }
    : { statusCode: 400, message: `WeChat Pay refused the value of ${field}.` };
}

function answerToSilence({ timedOut, httpStatus }: WxPayTransportError): Answer {
  if (timedOut) return { statusCode: 504, message: 'WeChat Pay did not answer in time.' };
  if (httpStatus === 503) return { statusCode: 503, message: findError('SERVICE_UNAVAILABLE').message };
  return { statusCode: 502, message: 'WeChat Pay could not be reached.' };
}
