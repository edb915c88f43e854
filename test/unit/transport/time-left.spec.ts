import { describe, expect, it } from '@jest/globals';
import { timeLeft } from '../../../lib/transport/time-left.js';

describe('timeLeft', () => {
  it('gives the next request what the requests before it left of the time', () => {
    const options = timeLeft({ timeoutMs: 60_000 });
    const first = options().timeoutMs;
    const since = performance.now();
    while (performance.now() - since < 2) continue;

    expect(first).toBeLessThanOrEqual(60_000);
    expect(options().timeoutMs).toBeLessThanOrEqual(first - 2);
    expect(options().timeoutMs).toBeGreaterThan(30_000);
  });

  it('gives a request a millisecond after the time is up', () => {
    expect(timeLeft({ timeoutMs: 0 })().timeoutMs).toBe(1);
  });

  it('passes on the signal of the caller', () => {
    const { signal } = new AbortController();

    expect(timeLeft({ timeoutMs: 60_000, signal })().signal).toBe(signal);
  });
});
