import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Budget } from '../../../../lib/domain/flows/budget.js';
import { pause } from '../../../../lib/domain/flows/pause.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('pause', () => {
  it('leaves no listener on a long-lived signal', async () => {
    const { signal } = new AbortController();

    const pausing = pause(1_000, signal);
    await jest.advanceTimersByTimeAsync(1_000);

    await expect(pausing).resolves.toBeUndefined();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('does not wait for a caller who has already aborted', async () => {
    await expect(pause(1_000, AbortSignal.abort('enough'))).rejects.toBe('enough');

    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('Budget.pause', () => {
  it('waits if time is left afterwards', async () => {
    const pausing = new Budget(1_001).pause(1_000);
    await jest.advanceTimersByTimeAsync(1_000);

    await expect(pausing).resolves.toBe(true);
  });

  it('returns without waiting if the pause would use up the time', async () => {
    await expect(new Budget(1_000).pause(1_000)).resolves.toBe(false);
  });
});
