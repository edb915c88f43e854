import { describe, expect, it } from '@jest/globals';
import { WxPayConfigError, WxPayTransportError } from '../../../lib/index.js';
import { ErrorLimit } from '../../../lib/notifications/error-limit.js';
import { unverified, type Refusal } from '../../../lib/notifications/refusal.js';

const MINUTE_MS = 60_000;
const misconfigured = new WxPayConfigError(['x.']);

/** A limit with a clock of its own, and the levels at which it has errors logged. */
function startLimit() {
  let now = 0;
  const limit = new ErrorLimit(() => now);
  const refusal: Refusal = unverified('error');
  return {
    levelAt: (ms: number, error: unknown = misconfigured, merchant = 'eu') => {
      now = ms;
      return limit.apply(refusal, error, merchant).level;
    },
    limit,
  };
}

describe('ErrorLimit', () => {
  it('has one error a minute logged as such, and the others as warnings', () => {
    const { levelAt } = startLimit();

    const levels = [0, 1, MINUTE_MS - 1, MINUTE_MS, MINUTE_MS + 1].map((ms) => levelAt(ms));

    expect(levels).toEqual(['error', 'warn', 'warn', 'error', 'warn']);
  });

  it('counts each merchant and each code of error by itself', () => {
    const { levelAt } = startLimit();

    const levels = [
      levelAt(0),
      levelAt(0, misconfigured, 'us'),
      levelAt(0, new WxPayTransportError('x.')),
      levelAt(0, new TypeError('x')),
      levelAt(0, new RangeError('x')),
    ];

    expect(levels).toEqual(['error', 'error', 'error', 'error', 'warn']);
  });

  it('leaves the answer and all other levels as they are', () => {
    const { limit } = startLimit();
    limit.apply(unverified('error'), misconfigured, 'eu');

    expect(limit.apply(unverified('error'), misconfigured, 'eu')).toEqual(unverified('warn'));
    expect(limit.apply(unverified('debug'), misconfigured, 'eu')).toEqual(unverified('debug'));
  });
});
