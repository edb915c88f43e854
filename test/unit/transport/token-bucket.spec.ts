import { describe, expect, it } from '@jest/globals';
import { TokenBucket } from '../../../lib/transport/token-bucket.js';

/** A bucket of two by a clock of the test, which gets one token back in a second. */
function bucketByClock() {
  const clock = { ms: 0 };
  const bucket = new TokenBucket({ capacity: 2, refillMs: 1_000, now: () => clock.ms });
  return { clock, taken: (times: number) => Array.from({ length: times }, () => bucket.take()) };
}

describe('TokenBucket', () => {
  it('gives as many tokens as it holds, and no more', () => {
    const { taken } = bucketByClock();

    expect(taken(4)).toEqual([true, true, false, false]);
  });

  it('adds one token for each refill time', () => {
    const { taken, clock } = bucketByClock();
    taken(2);

    clock.ms = 999;
    expect(taken(1)).toEqual([false]);
    clock.ms = 1_000;
    expect(taken(2)).toEqual([true, false]);
  });

  it('holds no more tokens than its capacity', () => {
    const { taken, clock } = bucketByClock();

    clock.ms = 3_600_000;

    expect(taken(3)).toEqual([true, true, false]);
  });
});
