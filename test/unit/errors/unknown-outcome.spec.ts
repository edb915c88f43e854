import { inspect, types } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { withUnknownOutcome } from '../../../lib/errors/unknown-outcome.js';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import type { WxPayError } from '../../../lib/errors/wxpay-error.js';
import { WxPayProtocolError } from '../../../lib/errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../../../lib/errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';

const ADVICE = 'Ask first.';
const call = { operation: 'request', subject: 'POST /v3/x', merchant: 'eu' };
const cause = new Error('socket hang up');

const ERRORS: readonly WxPayError[] = [
  new WxPayApiError({ call, code: 'SYSTEM_ERROR', httpStatus: 500, signed: false }),
  new WxPayTransportError('No answer.', { timedOut: true, hosts: ['a'], attempts: 2, merchant: 'eu', cause }),
  new WxPaySignatureError('stale', 'It is too old.', { merchant: 'eu', cause }),
  new WxPayProtocolError('$.amount', 'It is no object.', { merchant: 'eu', httpStatus: 500 }),
];

const byName = ERRORS.map((error) => [error.name, error] as const);

describe('withUnknownOutcome', () => {
  it.each(byName)('keeps class and fields of a %s, and adds the advice', (_, error) => {
    const copy = withUnknownOutcome(error, { isIdempotent: true, advice: ADVICE });

    expect(copy).toBeInstanceOf(error.constructor);
    expect(types.isNativeError(copy)).toBe(true);
    expect(Object.entries(copy)).toEqual([...Object.entries(error), ['outcomeUnknown', true]]);
    expect(copy.message).toBe(`${error.message} ${ADVICE}`);
    expect(copy.stack).toBe(error.stack?.replace(error.message, copy.message));
    expect('raw' in copy).toBe('raw' in error);
    expect(copy.cause).toBe(error.cause);
    expect(copy.toJSON()).toMatchObject({ outcomeUnknown: true, name: error.name, message: copy.message });
  });

  it.each(byName)('does not change the original %s', (_, error) => {
    withUnknownOutcome(error, { isIdempotent: false, advice: ADVICE });

    expect(error.retryable).toBe(true);
    expect(error).not.toHaveProperty('outcomeUnknown');
    expect(error.message).not.toContain(ADVICE);
  });

  it('has fields that can be changed like those of the original', () => {
    const error = new WxPayTransportError('No answer.');

    const copy = withUnknownOutcome(error, { isIdempotent: true, advice: ADVICE });

    const field = Object.getOwnPropertyDescriptor(error, 'retryable');
    expect(Object.getOwnPropertyDescriptor(copy, 'retryable')).toEqual(field);
    expect(Object.getOwnPropertyDescriptor(copy, 'outcomeUnknown')).toEqual(field);
  });

  it('copies an error without a stack', () => {
    const error = new WxPayTransportError('No answer.');
    delete error.stack;

    const copy = withUnknownOutcome(error, { isIdempotent: true, advice: ADVICE });

    expect(copy.message).toBe(`No answer. ${ADVICE}`);
    expect(copy.stack).toBeUndefined();
  });

  it('keeps the verified reply of a protocol error, hidden from logs', () => {
    const error = new WxPayProtocolError('$', 'It is odd.', { raw: { openid: 'personal' } });

    const copy = withUnknownOutcome(error, { isIdempotent: false, advice: ADVICE });

    expect(copy.raw).toEqual({ openid: 'personal' });
    expect(inspect(copy, { showHidden: true, depth: Infinity })).not.toContain('personal');
    expect(JSON.stringify(copy)).not.toContain('personal');
  });

  it('is not retryable if the request is not idempotent', () => {
    const [error] = byName.map(([, each]) =>
      withUnknownOutcome(each, { isIdempotent: false, advice: ADVICE }),
    );

    expect(error?.retryable).toBe(false);
  });

  it('makes the refusal of an idempotent request retryable: its repetition shows the outcome', () => {
    const refusal = new WxPayApiError({ call, code: 'NOT_ENOUGH', httpStatus: 403, signed: false });

    expect(withUnknownOutcome(refusal, { isIdempotent: true, advice: ADVICE }).retryable).toBe(true);
    expect(withUnknownOutcome(refusal, { isIdempotent: false, advice: ADVICE }).retryable).toBe(false);
  });

  it('does not make an unreadable reply retryable', () => {
    const final = new WxPayProtocolError('$', 'It is not JSON.');

    expect(withUnknownOutcome(final, { isIdempotent: true, advice: ADVICE }).retryable).toBe(false);
  });
});
