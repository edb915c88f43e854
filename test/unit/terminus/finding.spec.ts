import { describe, expect, it } from '@jest/globals';
import { WxPaySignatureError } from 'nestjs-wxpay';
import { failureOf } from '../../../lib/terminus/finding.js';

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
});
