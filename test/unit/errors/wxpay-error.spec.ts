import { describe, expect, it } from '@jest/globals';
import { WxPayConfigError } from '../../../lib/errors/wxpay-config-error.js';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';
import { WxPayProtocolError } from '../../../lib/errors/wxpay-protocol-error.js';
import { WxPaySignatureError, type WxPaySignatureFault } from '../../../lib/errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';

describe('WxPayError', () => {
  it.each([
    ['WxPayConfigError', new WxPayConfigError([])],
    ['WxPayInputError', new WxPayInputError('outTradeNo', 'is missing.')],
    ['WxPayProtocolError', new WxPayProtocolError('$', 'It is not JSON.')],
    ['WxPaySignatureError', new WxPaySignatureError('stale')],
    ['WxPayTransportError', new WxPayTransportError('No answer.')],
  ])('has the name of its class: %s', (name, error) => {
    expect(error.name).toBe(name);
  });

  it('has a cause like that of any error', () => {
    const cause = new WxPaySignatureError('stale');

    expect(
      Object.getOwnPropertyDescriptor(new WxPayTransportError('No answer.', { cause }), 'cause'),
    ).toEqual(Object.getOwnPropertyDescriptor(new Error('No answer.', { cause }), 'cause'));
  });

  it.each([
    ['retryAt', new WxPayInputError('outTradeNo', 'is missing.')],
    ['httpStatus', new WxPayProtocolError('$', 'It is not JSON.')],
    ['httpStatus', new WxPayTransportError('No answer.')],
  ])('has no field %s that was not given', (field, error) => {
    expect(Object.keys(error)).not.toContain(field);
  });

  it('has merchant and cause only if they are given', () => {
    const error = new WxPayProtocolError('$', 'It is not JSON.');

    expect(error).not.toHaveProperty('merchant');
    expect(error).not.toHaveProperty('cause');
  });

  it('keeps a WxPayError as the cause, unchanged', () => {
    const cause = new WxPaySignatureError('stale');

    expect(new WxPayTransportError('No answer.', { cause }).cause).toBe(cause);
  });

  it('reduces a foreign cause to its safe parts', () => {
    const cause = Object.assign(new Error('socket hang up'), { config: { headers: {} } });

    const error = new WxPayTransportError('No answer.', { cause });

    expect(error.cause).not.toBe(cause);
    expect(error.cause).toMatchObject({ message: 'socket hang up' });
    expect(error.cause).not.toHaveProperty('config');
  });
});

describe('WxPayInputError', () => {
  it('names the field and is not retryable', () => {
    expect(new WxPayInputError('outTradeNo', 'is missing.')).toMatchObject({
      code: 'WXPAY_INPUT',
      field: 'outTradeNo',
      message: 'outTradeNo is missing.',
      retryable: false,
    });
  });

  it('is retryable if the call only came too early', () => {
    const retryAt = new Date('2026-01-01T00:05:00Z');

    expect(new WxPayInputError('createdAt', 'is too recent.', { retryAt })).toMatchObject({
      retryAt,
      retryable: true,
    });
  });
});

describe('WxPayConfigError', () => {
  it('has a message with the only fault and the merchant', () => {
    expect(new WxPayConfigError(['mchid is missing.'], { merchant: 'eu' })).toMatchObject({
      code: 'WXPAY_CONFIG',
      message: 'WeChat Pay merchant "eu": mchid is missing.',
      merchant: 'eu',
      retryable: false,
    });
  });

  it('lists several faults', () => {
    expect(new WxPayConfigError(['mchid is missing.', 'signer is missing.']).message).toBe(
      '2 faults in the WeChat Pay configuration:\n  - mchid is missing.\n  - signer is missing.',
    );
  });

  it('lists several faults of a merchant', () => {
    const faults = ['mchid is missing.', 'signer is missing.'];

    expect(new WxPayConfigError(faults, { merchant: 'eu' }).message).toBe(
      '2 faults in the WeChat Pay configuration of merchant "eu":\n  - mchid is missing.\n  - signer is missing.',
    );
  });

  it('has a message even without a fault', () => {
    expect(new WxPayConfigError([]).message).toBe('The WeChat Pay configuration is faulty.');
  });
});

describe('WxPaySignatureError', () => {
  it.each<WxPaySignatureFault>(['missing', 'stale', 'unknown-serial', 'mismatch', 'probe'])(
    'is retryable after %s',
    (reason) => {
      expect(new WxPaySignatureError(reason)).toMatchObject({
        code: 'WXPAY_SIGNATURE',
        reason,
        retryable: true,
        message: `The signature is not acceptable: ${reason}.`,
      });
    },
  );
});

describe('WxPayTransportError', () => {
  it('is retryable, because query and close are idempotent', () => {
    expect(new WxPayTransportError('No answer.')).toMatchObject({
      code: 'WXPAY_TRANSPORT',
      retryable: true,
      timedOut: false,
      hosts: [],
      attempts: 0,
    });
  });
});

describe('WxPayProtocolError', () => {
  it('names the position in the reply and is not retryable', () => {
    expect(new WxPayProtocolError('$.amount.total', 'It is no integer.')).toMatchObject({
      code: 'WXPAY_PROTOCOL',
      path: '$.amount.total',
      retryable: false,
    });
  });

  it.each([
    [202, true],
    [204, false],
    [400, false],
    [500, true],
  ])('with HTTP %d has retryable: %s', (httpStatus, retryable) => {
    expect(new WxPayProtocolError('$', 'It is not known.', { httpStatus }).retryable).toBe(retryable);
  });
});
