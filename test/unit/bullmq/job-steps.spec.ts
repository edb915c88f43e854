import { describe, expect, it } from '@jest/globals';
import { WxPayApiError, WxPayTransportError, type WxPayError } from 'nestjs-wxpay';
import { limitPauseMs } from '../../../lib/bullmq/job-steps.js';

const CALL = { operation: 'order.query', subject: 'order T1', merchant: 'default' };
const refusal = (code: string, httpStatus: number, retryAfterMs?: number): WxPayError =>
  new WxPayApiError({ call: CALL, code, httpStatus, signed: false, retryAfterMs });

describe('a rate limit', () => {
  it.each([
    ['as long as WeChat Pay asks', refusal('FREQUENCY_LIMITED', 429, 2_000), 2_000],
    ['ten seconds if it names no delay', refusal('FREQUENCY_LIMITED', 429), 10_000],
    ['a minute after too many faulty requests', refusal('INVALID_REQ_TOO_MUCH', 200), 60_000],
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
