import { HttpException, type LogLevel } from '@nestjs/common';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { WxPayProtocolError } from '../errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';

/** How a notification is refused that was not verified or not understood. */
export interface Refusal {
  readonly status: number;
  /** For WeChat Pay, or whoever sent it: no word of why. */
  readonly message: string;
  /** How much it matters to the person on call. */
  readonly level: Extract<LogLevel, 'debug' | 'warn' | 'error'>;
}

/** Stops a request on the route of notifications; what is wrong has been logged. */
export class NotificationRefused extends HttpException {
  constructor({ status, message }: Refusal, cause: unknown) {
    super({ code: 'FAIL', message }, status, { cause });
    this.message = message;
  }
}

/** Answers what could not be verified; on the route of many merchants also what names none of them. */
export const UNVERIFIED = { status: 401, message: 'The signature could not be verified.' } as const;

/** Judges why a notification could not be read. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof WxPaySignatureError) {
    // Probes come every day, and to refuse them is to pass them.
    const level = error.reason === 'probe' ? 'debug' : 'warn';
    return { ...UNVERIFIED, level };
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
