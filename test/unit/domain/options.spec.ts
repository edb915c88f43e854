import { describe, expect, it } from '@jest/globals';
import { checkCallOptions, checkDate, checkSchedule, type CallOptions } from '../../../lib/domain/options.js';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';

const NOW = Date.parse('2026-06-01T12:00:00Z');

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

describe('checkDate', () => {
  it.each([undefined, new Date(NOW)])('accepts %p', (value) => {
    expect(() => checkDate(value, 'createdAt')).not.toThrow();
  });

  it.each([null, {}, new Date('tomorrow'), NOW, '2026-06-01T12:00:00Z'])('refuses %p', (value) => {
    const check = () => checkDate(value, 'paidAt');

    expect(check).toThrow(WxPayInputError);
    expect(check).toThrow('paidAt must be a valid Date.');
  });
});

describe('checkSchedule', () => {
  it.each([undefined, [1], [5_000, 30_000], [2_147_483_647]].map((schedule) => [schedule]))(
    'accepts %j',
    (schedule) => {
      expect(() => checkSchedule(schedule)).not.toThrow();
    },
  );

  it.each([[[]], [[1_000, 0]], [[-1]], [[Number.NaN]], [[2_147_483_648]], [['5000']], ['5000'], [5_000]])(
    'refuses %j',
    (schedule) => {
      const check = () => checkSchedule(schedule as number[]);

      expect(check).toThrow(WxPayInputError);
      expect(check).toThrow('scheduleMs must list pauses of 1 to 2147483647 ms, at least one.');
    },
  );
});
