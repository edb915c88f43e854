import { describe, expect, it } from '@jest/globals';
import { WxPayApiError } from '../../../../lib/errors/wxpay-api-error.js';
import { WxPayConfigError } from '../../../../lib/errors/wxpay-config-error.js';
import type { WxPayError } from '../../../../lib/errors/wxpay-error.js';
import { WxPayProtocolError } from '../../../../lib/errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../../../../lib/errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../../../../lib/errors/wxpay-transport-error.js';
import { retryDecision, type RetryDecision } from '../../../../lib/transport/retry/retry-decision.js';

const call = { operation: 'order.query', subject: 'order T1', merchant: 'default' };
const refusal = (code: string, httpStatus: number, retryAfterMs?: number) =>
  new WxPayApiError({ call, code, httpStatus, signed: false, retryAfterMs });
const surprise = (httpStatus?: number) => new WxPayProtocolError('$', '', { httpStatus });
const silence = new WxPayTransportError('Nothing came.', { hosts: ['h'], attempts: 1 });
const page = (httpStatus: number) =>
  new WxPayTransportError('A page came.', { hosts: ['h'], attempts: 1, httpStatus });

/** Failures, on which host and after which pause the next attempt is made, and whether it counts against the host. */
const REPEATED: readonly (readonly [
  string,
  WxPayError,
  RetryDecision['on'],
  RetryDecision['pause'],
  boolean,
])[] = [
  ['silence', silence, 'other', 'after-each-round', true],
  ['a page with HTTP 200', page(200), 'other', 'after-each-round', true],
  ['a redirect', page(302), 'other', 'after-each-round', true],
  ['a page with HTTP 400', page(400), 'other', 'after-each-round', false],
  ['a page with HTTP 404', page(404), 'other', 'after-each-round', false],
  ['a page with HTTP 499', page(499), 'other', 'after-each-round', false],
  ['a page with HTTP 500', page(500), 'other', 'after-each-round', true],
  ['a page with HTTP 502', page(502), 'other', 'after-each-round', true],
  ['HTTP 500 with an unknown code', refusal('UPSTREAM_DOWN', 500), 'other', 'after-each-round', true],
  ['a verified HTTP 500 without a code', surprise(500), 'other', 'after-each-round', true],
  ['a verified reply of another shape', surprise(), 'other', 'after-each-round', false],
  ['a verified 202', surprise(202), 'same-first', 'always', false],
  ['202 with a code', refusal('USERPAYING', 202), 'same-first', 'always', false],
  ['202 with an unknown code', refusal('UNHEARD_OF', 202), 'same-first', 'always', false],
  ['SYSTEM_ERROR', refusal('SYSTEM_ERROR', 500), 'same-first', 'always', false],
  ['SYSTEMERROR of APIv2', refusal('SYSTEMERROR', 200), 'same-first', 'always', false],
  ['BANK_ERROR', refusal('BANK_ERROR', 500), 'same-first', 'always', false],
  ['an unproven signature', new WxPaySignatureError('probe'), 'same-first', 'after-each-round', false],
  ['FREQUENCY_LIMITED of APIv2', refusal('FREQUENCY_LIMITED', 200), 'same', 'always', false],
  ['429 with an unknown code', refusal('SLOW_DOWN', 429), 'same', 'always', false],
];

describe('retryDecision', () => {
  it.each(REPEATED)('chooses host, pause and health after %s', (_, error, on, pause, countsAgainstHost) => {
    expect(retryDecision(error, 'host')).toMatchObject({ on, pause, countsAgainstHost });
  });

  it.each(REPEATED)('retries %s only once, or leaves a further retry to the caller', (_, error) => {
    expect(error.retryable || retryDecision(error, 'host')?.once).toBe(true);
  });

  it.each([
    ['ORDER_NOT_EXIST', refusal('ORDER_NOT_EXIST', 404)],
    ['RULE_LIMIT', refusal('RULE_LIMIT', 429)],
    ['INVALID_REQ_TOO_MUCH', refusal('INVALID_REQ_TOO_MUCH', 429)],
    ['a wrong key with HTTP 500', refusal('SIGN_ERROR', 500)],
    ['an unknown code with HTTP 400', refusal('UNHEARD_OF', 400)],
    ['a fault of the configuration', new WxPayConfigError([])],
    ['a defect', new TypeError('x is not a function')],
  ])('returns undefined after %s', (_, error) => {
    expect(retryDecision(error, 'host')).toBeUndefined();
  });

  it('returns undefined when the signer or the verifier failed, whatever the error looks like', () => {
    expect(retryDecision(silence, 'app')).toBeUndefined();
  });

  it('tries another host once after an oversized reply, which does not count against the first', () => {
    expect(retryDecision(silence, 'oversized-reply')).toMatchObject({
      on: 'other',
      pause: 'after-each-round',
      countsAgainstHost: false,
      once: true,
    });
  });

  it.each(['stale-connection', 'short-timeout'] as const)('does not count %s against the host', (origin) => {
    expect(retryDecision(silence, origin)?.countsAgainstHost).toBe(false);
  });

  it('makes no pause after a stale connection', () => {
    expect(retryDecision(silence, 'stale-connection')).toMatchObject({ on: 'same-first', pause: 'never' });
  });

  it('passes on the delay that WeChat Pay requests', () => {
    expect(retryDecision(refusal('FREQUENCY_LIMITED', 429, 7_000), 'host')?.retryAfterMs).toBe(7_000);
    expect(retryDecision(refusal('SYSTEM_ERROR', 503, 7_000), 'host')?.retryAfterMs).toBe(7_000);
  });
});
