import { describe, expect, it } from '@jest/globals';
import { doublingPauseMs } from '../../../lib/rules/doubling-pause.js';

describe('doublingPauseMs', () => {
  it('doubles with each failure, up to ten minutes', () => {
    const pauses = Array.from({ length: 12 }, (_, index) => doublingPauseMs(1_000, index + 1) / 1_000);

    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
  });

  it('begins with the first pause, ten minutes at most', () => {
    expect(doublingPauseMs(250, 1)).toBe(250);
    expect(doublingPauseMs(3_600_000, 1)).toBe(600_000);
  });

  it('stays at ten minutes after any number of failures', () => {
    expect(doublingPauseMs(1_000, 1_000)).toBe(600_000);
    expect(doublingPauseMs(1_000, 5_000)).toBe(600_000);
  });
});
