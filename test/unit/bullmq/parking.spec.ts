import { describe, expect, it } from '@jest/globals';
import {
  WxPayApiError,
  WxPayConfigError,
  WxPaySignatureError,
  WxPayTransportError,
  type WxPayError,
} from 'nestjs-wxpay';
import { parkingAfter } from '../../../lib/bullmq/parking.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const before = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);
const CALL = { operation: 'order.query', subject: 'order T1', merchant: 'default' };
const refusal = (code: string, httpStatus: number): WxPayError =>
  new WxPayApiError({ call: CALL, code, httpStatus, signed: false });
const MAX_AGE = { from: before(1), ms: 600_000, reason: 'too old' };

describe('a fault that the operator has to remove', () => {
  it.each([
    ['refused keys', refusal('SIGN_ERROR', 401)],
    ['refused rights', refusal('NO_AUTH', 403)],
    ['refused parameters', refusal('PARAM_ERROR', 400)],
    ['a merchant that is not registered', new WxPayConfigError(['No such merchant.'])],
    ['a reply that could not be verified', new WxPaySignatureError('missing')],
  ])('begins with %s, and keeps its beginning', (_, failure) => {
    expect(parkingAfter({}, failure, MAX_AGE, NOW)).toEqual({ faultSince: NOW });
    expect(parkingAfter({ faultSince: before(5) }, failure, MAX_AGE, NOW)).toEqual({ faultSince: before(5) });
  });

  it.each([
    ['an outage', new WxPayTransportError('away')],
    ['an error of the servers', refusal('SYSTEM_ERROR', 500)],
    ['a reply', undefined],
  ])('ends with %s', (_, failure) => {
    expect(parkingAfter({ faultSince: before(500) }, failure, MAX_AGE, NOW)).toEqual({});
  });

  it('parks the job after half an hour of refusals', () => {
    const failure = refusal('NO_AUTH', 403);

    expect(parkingAfter({ faultSince: before(29) }, failure, MAX_AGE, NOW)).not.toHaveProperty('park');
    expect(parkingAfter({ faultSince: before(30) }, failure, MAX_AGE, NOW)).toEqual({
      parkedAt: NOW,
      park: expect.stringMatching(/^refused for more than half an hour: .*NO_AUTH/),
    });
  });

  it('parks the job after six hours of replies that could not be verified', () => {
    const failure = new WxPaySignatureError('missing');

    expect(parkingAfter({ faultSince: before(359) }, failure, MAX_AGE, NOW)).not.toHaveProperty('park');
    expect(parkingAfter({ faultSince: before(360) }, failure, MAX_AGE, NOW)).toMatchObject({
      park: expect.stringMatching(/^the replies could not be verified for more than 6 hours: ./),
    });
  });
});

describe('a job that is too old', () => {
  const maxAge = { ...MAX_AGE, from: before(11) };

  it('is parked, with and without a failure', () => {
    expect(parkingAfter({}, undefined, maxAge, NOW)).toEqual({ parkedAt: NOW, park: 'too old' });
    expect(parkingAfter({}, new WxPayTransportError('away'), maxAge, NOW)).toMatchObject({
      park: expect.stringMatching(/^too old: ./),
    });
  });

  it('has the same time again after it was parked', () => {
    expect(parkingAfter({ parkedAt: before(10) }, undefined, maxAge, NOW)).not.toHaveProperty('park');
    expect(parkingAfter({ parkedAt: before(11) }, undefined, maxAge, NOW)).toMatchObject({ park: 'too old' });
  });
});
