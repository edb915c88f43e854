import { describe, expect, it } from '@jest/globals';
import { checkCallOptions, type CallOptions } from '../../../lib/domain/call-options.js';

describe('checkCallOptions', () => {
  it.each([
    [{}],
    [{ timeoutMs: 1 }],
    [{ timeoutMs: 2_147_483_647 }],
    [{ signal: new AbortController().signal }],
  ])('accepts %j', (options) => {
    expect(() => checkCallOptions(options)).not.toThrow();
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2_147_483_648, '1000'])(
    'refuses a timeoutMs of %p, which a timer would take for "at once"',
    (timeoutMs) => {
      expect(() => checkCallOptions({ timeoutMs } as CallOptions)).toThrow(
        'timeoutMs must be a number of milliseconds from 1 to 2147483647.',
      );
    },
  );

  it.each([null, 5, 'fast'])('refuses %j as options', (options) => {
    expect(() => checkCallOptions(options as never)).toThrow(
      'options must be an object such as { timeoutMs: 5000 }',
    );
  });

  it.each([null, 'signal', {}])('refuses %j as a signal', (signal) => {
    expect(() => checkCallOptions({ signal } as CallOptions)).toThrow('signal must be an AbortSignal.');
  });
});
