import { describe, expect, it } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { unlessAborted } from '../../../../lib/v3/platform-certificates/unless-aborted.js';

describe('unlessAborted', () => {
  it.each([
    ['done', () => Promise.resolve('done')],
    ['failed', () => Promise.reject(new Error('failed'))],
  ])('leaves no listener on the signal when the work is %s', async (outcome, work) => {
    const { signal } = new AbortController();

    const ending = unlessAborted(work, signal).catch(({ message }: Error) => message);

    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await expect(ending).resolves.toBe(outcome);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('ends the wait at an abort, whatever the work does later', async () => {
    const caller = new AbortController();
    const waiting = unlessAborted(() => new Promise(() => undefined), caller.signal);

    caller.abort('gone');

    await expect(waiting).rejects.toBe('gone');
  });

  it('starts no work for a caller who has already aborted', async () => {
    let begun = 0;
    const work = async () => void begun++;

    await expect(unlessAborted(work, AbortSignal.abort('gone'))).rejects.toBe('gone');

    expect(begun).toBe(0);
  });
});
