import type { HttpException } from '@nestjs/common';
import {
  toHttpException,
  WxPayApiError,
  type WxPayApiErrorKind,
  WxPayConfigError,
  WxPayError,
  WxPayInputError,
  WxPayProtocolError,
  WxPaySignatureError,
  WxPayTransportError,
} from 'nestjs-wxpay';

/** `instanceof` opens the fields of each class. */
export function fieldsOf(error: unknown): readonly unknown[] {
  if (error instanceof WxPayApiError) return [error.kind, error.httpStatus, error.signed, error.operation];
  if (error instanceof WxPayInputError) return [error.field, error.retryAt?.getTime()];
  if (error instanceof WxPaySignatureError) return [error.reason];
  if (error instanceof WxPayTransportError) return [error.timedOut, error.hosts, error.attempts];
  if (error instanceof WxPayProtocolError) return [error.path];
  if (error instanceof WxPayConfigError) return [error.faults];
  if (error instanceof WxPayError) return [error.code, error.retryable, error.merchant];
  // @ts-expect-error what is left is unknown
  return [error.code];
}

type OwnError =
  WxPayConfigError | WxPayInputError | WxPayProtocolError | WxPaySignatureError | WxPayTransportError;

/** The codes of our own errors are constants, so that `code` tells them apart. */
export function detailOf(error: OwnError): unknown {
  switch (error.code) {
    case 'WXPAY_CONFIG':
      return error.faults;
    case 'WXPAY_INPUT':
      return error.field;
    case 'WXPAY_PROTOCOL':
      return error.path;
    case 'WXPAY_SIGNATURE':
      return error.reason;
    case 'WXPAY_TRANSPORT':
      return error.timedOut;
    default:
      return error satisfies never;
  }
}

/** A switch over the kinds can be complete. */
export function retriesOf(kind: WxPayApiErrorKind): number {
  switch (kind) {
    case 'rate-limited':
    case 'not-ready':
    case 'gateway':
      return 3;
    case 'order-not-found':
    case 'refund-not-found':
    case 'order-state':
    case 'credentials':
    case 'permission':
    case 'account':
    case 'request':
    case 'unknown':
      return 0;
    default:
      return kind satisfies never;
  }
}

export function answerTo(error: WxPayError): HttpException {
  // @ts-expect-error errors are facts and do not change
  error.retryable = true;
  // @ts-expect-error the base class has no instances of its own
  void new WxPayError('failed');
  return toHttpException(error);
}

// @ts-expect-error other errors have no answer here
toHttpException(new Error('failed'));
