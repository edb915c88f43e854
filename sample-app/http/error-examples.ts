import { toHttpException, WxPayApiError, WxPayTransportError, type WxPayError } from 'nestjs-wxpay';
import { ErrorBody } from './error-body.js';

const refusal = (code: string, httpStatus: number): WxPayApiError =>
  new WxPayApiError({
    call: { operation: 'order.query', subject: 'order DEMO-PAID', merchant: 'default' },
    code,
    httpStatus,
    signed: false,
    requestId: '0887CCB89F0610980118CAC19F5C20A5EC012898C703-268512771',
  });

const bodyOf = (error: WxPayError): object => toHttpException(error).getResponse() as object;

/** One body for each status of the OpenAPI page, made by what makes the real ones. */
export const ERROR_EXAMPLES = {
  400: new ErrorBody({
    statusCode: 400,
    error: 'Bad Request',
    code: 'INVALID_INPUT',
    message: 'outTradeNo must be 1 to 32 characters of 0-9 A-Z a-z _ - | * @.',
  }),
  404: bodyOf(refusal('ORDER_NOT_EXIST', 404)),
  409: bodyOf(refusal('ORDER_PAID', 400)),
  500: bodyOf(refusal('SIGN_ERROR', 401)),
  502: bodyOf(new WxPayTransportError('No connection.')),
  503: bodyOf(refusal('FREQUENCY_LIMITED', 429)),
  504: bodyOf(new WxPayTransportError('No answer.', { timedOut: true })),
} as const;
