import { describe, expect, it } from '@jest/globals';
import { isRateLimit, isRuleLimit } from '../../../lib/errors/rate-limit.js';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';

const refused = (code: string, httpStatus = 400): WxPayApiError =>
  new WxPayApiError({
    call: { operation: 'order.query', subject: 'order T1', merchant: 'default' },
    code,
    httpStatus,
    signed: false,
  });

describe.each([
  ['a refusal because of the rate', refused('FREQUENCY_LIMITED'), { isRate: true, isRule: false }],
  ['an unknown code with HTTP 429', refused('SLOW_DOWN', 429), { isRate: true, isRule: false }],
  ['a refusal by a business rule', refused('RULE_LIMIT', 429), { isRate: false, isRule: true }],
  ['that rule in its older spelling', refused('RULELIMIT'), { isRate: false, isRule: true }],
  ['another refusal', refused('ORDER_PAID'), { isRate: false, isRule: false }],
  ['no reply', new WxPayTransportError('No answer.'), { isRate: false, isRule: false }],
  [
    'an object with such a code',
    { code: 'RULE_LIMIT', kind: 'rate-limited' },
    { isRate: false, isRule: false },
  ],
  ['an object with such a kind', { code: 'X', kind: 'rate-limited' }, { isRate: false, isRule: false }],
])('%s', (_, error, { isRate, isRule }) => {
  it(`is ${isRate ? 'a' : 'no'} rate limit`, () => {
    expect(isRateLimit(error)).toBe(isRate);
  });

  it(`is ${isRule ? 'a' : 'no'} limit by a rule`, () => {
    expect(isRuleLimit(error)).toBe(isRule);
  });
});
