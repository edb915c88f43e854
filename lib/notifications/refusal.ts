import { HttpException } from '@nestjs/common';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { WxPayProtocolError } from '../errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';
import { logRefusal, type NotificationOrigin, type RefusalLevel } from './notification-log.js';

/** The answer to a notification that was not verified or not understood, and the level at which it is logged. */
export interface Refusal {
  readonly status: number;
  /** Sent to WeChat Pay, or to a stranger: it gives no reason. */
  readonly message: string;
  readonly level: RefusalLevel;
}

/** Stops a request on the route of notifications. The reason has been logged. */
export class NotificationRefused extends HttpException {
  constructor({ status, message }: Refusal, cause: unknown) {
    super({ code: 'FAIL', message }, status, { cause });
    this.message = message;
  }
}

/** Logs why a notification is refused, and returns the exception that refuses it. */
export function refuseNotification(
  refusal: Refusal,
  error: unknown,
  origin: NotificationOrigin,
): NotificationRefused {
  logRefusal(refusal.level, error, origin);
  return new NotificationRefused(refusal, error);
}

/** Logs why a notification is refused, and returns the exception that refuses it. */
export type Refuse = typeof refuseNotification;

/** Chooses the refusal for the error that reading a notification failed with. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof WxPaySignatureError) {
    // WeChat Pay sends probes every day, and expects a refusal.
    return unverified(error.reason === 'probe' ? 'debug' : 'warn');
  }
  if (error instanceof WxPayInputError) {
    return { status: 400, message: 'The notification could not be read.', level: 'warn' };
  }
  if (error instanceof WxPayProtocolError) {
    return { status: 500, message: 'The notification could not be understood.', level: 'error' };
  }
  if (error instanceof WxPayTransportError) {
    return { status: 503, message: 'The notification could not be verified yet.', level: 'error' };
  }
  const message =
    error instanceof WxPayConfigError
      ? 'The payment service is misconfigured.'
      : 'The payment service failed.';
  return { status: 500, message, level: 'error' };
}

/**
 * Returns the refusal that a forgery gets. On a route where the request names the merchant, a stranger must not learn
 * which merchants exist, or how they are configured.
 */
export function unverified(level: RefusalLevel): Refusal {
  return { status: 401, message: 'The signature could not be verified.', level };
}
