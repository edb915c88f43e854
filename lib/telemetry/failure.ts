import type { WxPayApiErrorKind } from '../errors/catalog-entry.js';
import { safeCause } from '../errors/safe-cause.js';
import { WxPayApiError } from '../errors/wxpay-api-error.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { WxPayError } from '../errors/wxpay-error.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { WxPayProtocolError } from '../errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';

/**
 * Type of a failure, from a fixed set that suits a label of a metric: the `kind` of a refusal, `timeout` or `transport` without
 * a usable reply, `signature`, `protocol`, `config` or `input` for the error class of that name, `aborted` if the caller ended
 * the call, and `other`.
 */
export type WxPayFailureType =
  | WxPayApiErrorKind
  | 'timeout'
  | 'transport'
  | 'signature'
  | 'protocol'
  | 'config'
  | 'input'
  | 'aborted'
  | 'other';

/** Failure of a call or an attempt, as events report it: a plain value that is safe to log. */
export interface WxPayFailure {
  readonly type: WxPayFailureType;
  /** Code of the error, for example `ORDER_NOT_EXIST` or `WXPAY_TRANSPORT`; absent for an error of another package. */
  readonly code?: string | undefined;
  /** Message of the error, which may name the order. */
  readonly message: string;
}

/** Describes an error for events. The error itself is not published: it may refer to a body or to a request. */
export function describeFailure(error: unknown): WxPayFailure {
  if (!(error instanceof WxPayError)) return { type: 'other', message: safeCause(error).message };
  const { code, message } = error;
  return { type: typeOf(error), code, message };
}

function typeOf(error: WxPayError): WxPayFailureType {
  if (error instanceof WxPayApiError) return error.kind;
  if (error instanceof WxPayTransportError) return error.timedOut ? 'timeout' : 'transport';
  if (error instanceof WxPaySignatureError) return 'signature';
  if (error instanceof WxPayProtocolError) return 'protocol';
  if (error instanceof WxPayConfigError) return 'config';
  return error instanceof WxPayInputError ? 'input' : 'other';
}
