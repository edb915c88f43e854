import { describe, expect, it } from '@jest/globals';
import { WxPayApiError, WxPaySignatureError } from 'nestjs-wxpay';
import { failureOf } from '../../../lib/terminus/finding.js';

const refusal = (code: string, field: string | undefined): WxPayApiError =>
  new WxPayApiError({
    call: { operation: 'selfTest', subject: 'a random order', merchant: 'default' },
    code,
    httpStatus: 200,
    signed: false,
    ...(field !== undefined && { detail: { field } }),
  });

describe('failureOf', () => {
  it('takes a stale reply for a wrong clock if it is dated too far off', () => {
    const dated = new WxPaySignatureError('stale', 'The reply is dated 400 s off.', {
      clockOffsetMs: 400_000,
    });

    expect(failureOf(dated)).toEqual({ reason: 'clock-skew', isConfigurationFault: false });
  });

  it('takes a stale reply that is dated well for a repeated one', () => {
    const repeated = new WxPaySignatureError('stale', 'The reply was already accepted.');

    expect(failureOf(repeated)).toEqual({ reason: 'unverified', isConfigurationFault: false });
  });

  it('does not take a call that names no sub-merchant for a lacking permission', () => {
    expect(failureOf(refusal('NO_AUTH', 'sub_mch_id'))).toEqual({
      reason: 'no-sub-merchant',
      isConfigurationFault: false,
    });
  });

  it.each([
    ['NO_AUTH', undefined],
    ['NO_AUTH', 'sub_mchid'],
    ['ACCOUNT_ERROR', 'sub_mch_id'],
  ])('takes %s with the field %s for a lacking permission', (code, field) => {
    expect(failureOf(refusal(code, field))).toEqual({ reason: 'permission', isConfigurationFault: true });
  });
});
