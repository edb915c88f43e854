import { describe, expect, it } from '@jest/globals';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayConfigError } from '../../../lib/errors/wxpay-config-error.js';
import { WxPayError } from '../../../lib/errors/wxpay-error.js';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';
import { secondCopyOfErrors } from '../../support/harness/second-copy.js';

const ours = new WxPayInputError('outTradeNo', 'is missing.');
const theirs = secondCopyOfErrors();

class OutOfStock extends WxPayError {
  readonly code = 'OUT_OF_STOCK';
}

describe('instanceof', () => {
  it('distinguishes the error classes', () => {
    expect(ours).toBeInstanceOf(Error);
    expect(ours).toBeInstanceOf(WxPayError);
    expect(ours).toBeInstanceOf(WxPayInputError);
    expect(ours).not.toBeInstanceOf(WxPayApiError);
    expect(ours).not.toBeInstanceOf(WxPayConfigError);
  });

  it('recognises the errors of another copy of the package', () => {
    const error: unknown = new theirs.WxPayInputError('outTradeNo', 'is missing.');

    expect(theirs.WxPayInputError).not.toBe(WxPayInputError);
    expect(error).toBeInstanceOf(WxPayError);
    expect(error).toBeInstanceOf(WxPayInputError);
    expect(error).not.toBeInstanceOf(WxPayApiError);
    expect(ours).toBeInstanceOf(theirs.WxPayInputError);
  });

  it('uses the default check for a subclass of the app', () => {
    const error = new OutOfStock('No stock is left.');

    expect(error).toBeInstanceOf(OutOfStock);
    expect(error).toBeInstanceOf(WxPayError);
    expect(ours).not.toBeInstanceOf(OutOfStock);
  });

  it.each([
    ['a plain error', new Error('WxPayError')],
    ['an object with the fields', { name: 'WxPayInputError', code: 'WXPAY_INPUT' }],
    ['null', null],
    ['a string', 'WxPayError'],
    ['undefined', undefined],
  ])('is false for %s', (_, value) => {
    expect(value instanceof WxPayError).toBe(false);
    expect(value instanceof WxPayInputError).toBe(false);
  });

  it('names each error after its class, and a subclass of the app after ours', () => {
    expect(ours.name).toBe('WxPayInputError');
    expect(String(ours)).toBe('WxPayInputError: outTradeNo is missing.');
    expect(new OutOfStock('No stock is left.').name).toBe('WxPayError');
  });
});
