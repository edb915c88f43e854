import { describe, expect, it } from '@jest/globals';
import { handlerPauseMs } from '../../../lib/bullmq/handler-pause.js';

describe('handlerPauseMs', () => {
  it('doubles with each failure, up to ten minutes', () => {
    const pauses = Array.from({ length: 12 }, (_, index) => handlerPauseMs(1_000, index + 1) / 1_000);

    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
  });

  it('begins with the first pause that the app chose, ten minutes at most', () => {
    expect(handlerPauseMs(250, 1)).toBe(250);
    expect(handlerPauseMs(3_600_000, 1)).toBe(600_000);
  });

  it('stays at ten minutes after any number of failures', () => {
    expect(handlerPauseMs(1_000, 1_000)).toBe(600_000);
    expect(handlerPauseMs(1_000, 5_000)).toBe(600_000);
  });
});
