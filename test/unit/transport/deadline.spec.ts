import { describe, expect, it } from '@jest/globals';
import { Deadline } from '../../../lib/transport/deadline.js';

const never = (): Promise<never> => new Promise(() => undefined);

describe('Deadline', () => {
  it('ends a step that ignores the signal when the time is up, and says that it expired', async () => {
    const deadline = new Deadline(5);

    await expect(deadline.step('signing', never)).rejects.toThrow();

    expect(deadline.expired).toBe(true);
    expect(deadline.slowestStep).toBe('signing');
  });

  it('ends a step with the reason of the caller who gives up', async () => {
    const caller = new AbortController();
    const deadline = new Deadline(60_000, caller.signal);
    const running = deadline.step('sending', never);

    caller.abort('changed my mind');

    await expect(running).rejects.toBe('changed my mind');
    expect(deadline.expired).toBe(false);
    deadline.stop();
  });

  it('starts no step for a caller who has given up already', async () => {
    const deadline = new Deadline(60_000, AbortSignal.abort('too late'));
    let started = false;

    const running = deadline.step('signing', async () => {
      started = true;
    });

    await expect(running).rejects.toBe('too late');
    expect(started).toBe(false);
    deadline.stop();
  });

  it('leaves no listener behind on a signal that outlives the call', async () => {
    const caller = new AbortController();
    const added: string[] = [];
    const removed: string[] = [];
    caller.signal.addEventListener = (type: string) => void added.push(type);
    caller.signal.removeEventListener = (type: string) => void removed.push(type);
    const deadline = new Deadline(60_000, caller.signal);

    await deadline.step('sending', () => Promise.resolve());
    deadline.stop();

    expect(added).toEqual(['abort']);
    expect(removed).toEqual(['abort']);
  });

  it('passes on what a step returns or throws', async () => {
    const deadline = new Deadline(60_000);

    await expect(deadline.step('a', () => Promise.resolve(7))).resolves.toBe(7);
    await expect(deadline.step('b', () => Promise.reject(new Error('own')))).rejects.toThrow('own');
    deadline.stop();
  });

  it('gives a signal that is asked for too late the reason of its end', async () => {
    const caller = new AbortController();
    const deadline = new Deadline(60_000, caller.signal);
    caller.abort('changed my mind');

    expect(deadline.signal.reason).toBe('changed my mind');
    await expect(deadline.wait('waiting', never)).rejects.toBe('changed my mind');
    await expect(deadline.pause(1)).rejects.toBe('changed my mind');
    deadline.stop();
  });
});
