import { describe, expect, it } from '@jest/globals';
import { Backoff } from '../../../lib/transport/backoff.js';

describe('Backoff', () => {
  it('stays between 100 ms, three times the pause before, and 2 s', () => {
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

  it('differs from call to call', () => {
    const first = Array.from({ length: 20 }, () => new Backoff().next());

    expect(new Set(first).size).toBeGreaterThan(10);
  });
});
