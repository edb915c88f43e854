import { describe, expect, it } from '@jest/globals';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { leavesOutcomeOpen, namesState, unknownAfter } from '../../../lib/transport/effect.js';
import { CALL } from '../../support/harness/steps.js';

const refusal = (httpStatus: number, code: string, operation = CALL.operation) =>
  new WxPayApiError({ call: { ...CALL, operation }, code, httpStatus, signed: true });
const broken = new WxPayTransportError('It broke.');

describe('unknownAfter', () => {
  it('leaves the error of a request that changes nothing as it is', () => {
    expect(unknownAfter(broken, 'none')).toBe(broken);
  });

  it.each([
    ['idempotent', undefined, true, 'It may have been carried out: query the order, or repeat the call.'],
    [
      'once',
      undefined,
      false,
      'It may have been carried out: ask WeChat Pay for its outcome before you repeat it.',
    ],
    ['once', 'Call the bank.', false, 'Call the bank.'],
  ] as const)(
    'marks the error of a request with the effect "%s" and the advice %j',
    (effect, advice, retryable, last) => {
      const marked = unknownAfter(broken, effect, advice);

      expect(marked).toMatchObject({ message: `It broke. ${last}`, outcomeUnknown: true, retryable });
    },
  );
});

describe('leavesOutcomeOpen', () => {
  it.each([
    [true, 500, 'SOME_CODE'],
    [true, 502, 'PARAM_ERROR'],
    [true, 202, 'PARAM_ERROR'],
    [true, 200, 'SOME_CODE'],
    [true, 200, 'USERPAYING'],
    [true, 400, 'USERPAYING'],
    [true, 400, 'SYSTEM_ERROR'],
    [false, 503, 'FREQUENCY_LIMITED'],
    [false, 429, 'SYSTEM_ERROR'],
    [false, 499, 'SOME_CODE'],
    [false, 400, 'SOME_CODE'],
    [false, 200, 'ORDERPAID'],
    [false, 400, 'PARAM_ERROR'],
  ])('returns %j for a refusal with HTTP %i %s', (isOpen, httpStatus, code) => {
    expect(leavesOutcomeOpen(refusal(httpStatus, code))).toBe(isOpen);
  });

  it.each([broken, new Error('?'), 'aborted'])('returns true for %p, which is no refusal', (error) => {
    expect(leavesOutcomeOpen(error)).toBe(true);
  });
});

describe('namesState', () => {
  it.each([
    [true, 'order.close', 'ORDER_PAID'],
    [true, 'order.query', 'ORDER_NOT_EXIST'],
    [true, 'bill.refund.', 'ORDER_PAID'],
    [false, 'order.codePay', 'USERPAYING'],
    [false, 'order.close', 'PARAM_ERROR'],
    [false, 'refund.create', 'ORDER_PAID'],
    [false, 'refund.query', 'ORDER_NOT_EXIST'],
  ])('returns %j for the refusal of %s with %s', (expected, operation, code) => {
    expect(namesState(refusal(400, code, operation))).toBe(expected);
  });

  it('returns false for a failure that is no refusal', () => {
    expect(namesState(broken)).toBe(false);
    expect(namesState(Object.assign(new WxPayTransportError('?'), { kind: 'order-state' }))).toBe(false);
  });
});
