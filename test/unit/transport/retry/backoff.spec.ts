import { describe, expect, it } from '@jest/globals';
import { Backoff } from '../../../../lib/transport/retry/backoff.js';

describe('Backoff', () => {
  it('returns pauses from 100 ms to three times the previous one, and to 2 s at most', () => {
    for (let call = 0; call < 200; call++) {
      const backoff = new Backoff();
      let before = 100;
      for (let pause = 0; pause < 10; pause++) {
        const ms = backoff.next();
        expect(ms).toBeGreaterThanOrEqual(100);
        expect(ms).toBeLessThanOrEqual(Math.min(2_000, before * 3));
        before = ms;
      }
    }
  });

  it('begins with a short pause and increases it', () => {
    const pauses = Array.from({ length: 500 }, () => {
      const backoff = new Backoff();
      return Array.from({ length: 6 }, () => backoff.next());
    });
    const means = [0, 1, 2, 3].map(
      (index) => pauses.reduce((sum, each) => sum + (each[index] ?? 0), 0) / pauses.length,
    );

    // 200, 350, 575 and less than 912 ms are expected, as the longest is 2 s.
    expect(means).toEqual(means.toSorted((one, other) => one - other));
    expect(Math.max(...pauses.map(([first = 0]) => first))).toBeLessThanOrEqual(300);
    expect(Math.max(...pauses.flat())).toBeGreaterThan(1_500);
  });

  it('returns different pauses for each call', () => {
    const first = Array.from({ length: 20 }, () => new Backoff().next());

    expect(new Set(first).size).toBeGreaterThan(10);
  });
});
