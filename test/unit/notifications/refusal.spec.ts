import { describe, expect, it } from '@jest/globals';
import {
  WxPayConfigError,
  WxPayInputError,
  WxPayProtocolError,
  WxPaySignatureError,
  WxPayTransportError,
} from '../../../lib/index.js';
import { NotificationRefused, refusalOf, unverified } from '../../../lib/notifications/refusal.js';

describe('refusalOf', () => {
  it.each([
    [new WxPaySignatureError('probe', 'x'), 401, 'The signature could not be verified.', 'debug'],
    [new WxPaySignatureError('mismatch', 'x'), 401, 'The signature could not be verified.', 'warn'],
    [new WxPayInputError('body', 'x.'), 400, 'The notification could not be read.', 'warn'],
    [new WxPayProtocolError('$.id', 'x.'), 500, 'The notification could not be understood.', 'error'],
    [new WxPayTransportError('x.'), 503, 'The notification could not be verified yet.', 'error'],
    [new WxPayConfigError(['x.']), 500, 'The payment service is misconfigured.', 'error'],
    [new TypeError('x'), 500, 'The payment service failed.', 'error'],
  ])('answers %s with status %i', (error, status, message, level) => {
    expect(refusalOf(error)).toEqual({ status, message, level });
  });
});

describe('NotificationRefused', () => {
  it('has the status, the body and the message of the answer, and the error that was logged', () => {
    const cause = new TypeError('x');

    const refused = new NotificationRefused(unverified('warn'), cause);

    expect(refused.getStatus()).toBe(401);
    expect(refused.getResponse()).toEqual({ code: 'FAIL', message: 'The signature could not be verified.' });
    expect(refused.message).toBe('The signature could not be verified.');
    expect(refused.cause).toBe(cause);
  });
});
