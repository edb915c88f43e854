import { describe, expect, it } from '@jest/globals';
import { WxPayApiError, WxPayConfigError, WxPayTransportError, type WxPayError } from 'nestjs-wxpay';
import { faultSinceOf, limitPauseMs, reasonToPark } from '../../../lib/bullmq/job-steps.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const before = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);
const CALL = { operation: 'order.query', subject: 'order T1', merchant: 'default' };
const refusal = (code: string, httpStatus: number, retryAfterMs?: number): WxPayError =>
  new WxPayApiError({ call: CALL, code, httpStatus, signed: false, retryAfterMs });

describe('a fault of the configuration', () => {
  it.each([
    ['refused keys', refusal('SIGN_ERROR', 401)],
    ['refused rights', refusal('NO_AUTH', 403)],
    ['refused parameters', refusal('PARAM_ERROR', 400)],
    ['a merchant that is not registered', new WxPayConfigError(['No such merchant.'])],
  ])('begins with %s, and keeps its beginning', (_, failure) => {
    expect(faultSinceOf(undefined, failure, NOW)).toEqual(NOW);
    expect(faultSinceOf(before(5), failure, NOW)).toEqual(before(5));
  });

  it.each([
    ['an outage', new WxPayTransportError('away')],
    ['an error of the servers', refusal('SYSTEM_ERROR', 500)],
    ['a reply', undefined],
  ])('ends with %s', (_, failure) => {
    expect(faultSinceOf(before(5), failure, NOW)).toBeUndefined();
  });

  it('parks the job after half an hour', () => {
    const failure = refusal('NO_AUTH', 403);

    expect(reasonToPark(before(29), failure, NOW)).toBeUndefined();
    expect(reasonToPark(before(30), failure, NOW)).toMatch(/^refused for more than half an hour: .*NO_AUTH/);
    expect(reasonToPark(undefined, failure, NOW)).toBeUndefined();
  });
});

describe('a rate limit', () => {
  it.each([
    ['as long as WeChat Pay asks', refusal('FREQUENCY_LIMITED', 429, 2_000), 2_000],
    ['ten seconds if it names no delay', refusal('FREQUENCY_LIMITED', 429), 10_000],
    [
      'five minutes at most, because the header is unsigned',
      refusal('FREQUENCY_LIMITED', 429, 86_400_000),
      300_000,
    ],
    ['not for a rule of business', refusal('RULE_LIMIT', 429), undefined],
    ['not for an outage', new WxPayTransportError('away'), undefined],
    ['not for a reply', undefined, undefined],
  ])('pauses the queue %s', (_, failure, expected) => {
    expect(limitPauseMs(failure)).toBe(expected);
  });
});
