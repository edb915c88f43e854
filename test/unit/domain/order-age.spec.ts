import { describe, expect, it } from '@jest/globals';
import { checkOrderAge, closableAt } from '../../../lib/domain/order-age.js';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const AGE_MS = 300_000;

describe('closableAt', () => {
  it('returns the moment at which an order is old enough', () => {
    expect(closableAt(new Date(NOW - 1), AGE_MS, NOW)).toEqual(new Date(NOW - 1 + AGE_MS));
  });

  it.each([
    ['exactly as old as it must be', new Date(NOW - AGE_MS)],
    ['older', new Date(NOW - AGE_MS - 1)],
    ['of an age that nobody knows', undefined],
  ])('returns undefined for an order %s', (_, createdAt) => {
    expect(closableAt(createdAt, AGE_MS, NOW)).toBeUndefined();
  });
});

describe('checkOrderAge', () => {
  it('names the moment at which an order that is too young can be closed', () => {
    const check = () => checkOrderAge(new Date(NOW - AGE_MS + 1), AGE_MS, NOW);

    expect(check).toThrow(WxPayInputError);
    expect(check).toThrow(
      expect.objectContaining({
        field: 'createdAt',
        retryAt: new Date(NOW + 1),
        message:
          'createdAt is too recent: an order is closed 300000 ms after it was placed at the earliest. Close it at 2026-06-01T12:00:00.001Z.',
      }),
    );
  });

  it.each([new Date(NOW - AGE_MS), undefined])('accepts an order that was placed at %p', (createdAt) => {
    expect(() => checkOrderAge(createdAt, AGE_MS, NOW)).not.toThrow();
  });
});
