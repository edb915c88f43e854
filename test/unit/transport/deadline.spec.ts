import { describe, expect, it } from '@jest/globals';
import { Deadline } from '../../../lib/transport/deadline.js';
import { liveBytes } from '../../support/heap.js';

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

  it('puts one listener on a signal that many calls have in common, and takes it off with the last', async () => {
    const caller = new AbortController();
    const listeners: unknown[] = [];
    caller.signal.addEventListener = (_: string, listener: unknown) => void listeners.push(listener);
    caller.signal.removeEventListener = (_: string, listener: unknown) =>
      void listeners.splice(listeners.indexOf(listener), 1);
    const deadlines = Array.from({ length: 20 }, () => new Deadline(60_000, caller.signal));
    const [first, ...others] = deadlines;

    await first?.step('sending', () => Promise.resolve());
    first?.stop();
    expect(listeners).toHaveLength(1);
    for (const deadline of others) deadline.stop();

    expect(listeners).toEqual([]);
  });

  it('ends all calls that have a signal in common, but those that ended before', async () => {
    const caller = new AbortController();
    const [first, second, third] = [1, 2, 3].map(() => new Deadline(60_000, caller.signal));
    const running = [second?.step('sending', never), third?.step('sending', never)];
    first?.stop();

    caller.abort('gone');

    await expect(
      Promise.allSettled(running.flatMap((each) => (each === undefined ? [] : [each]))),
    ).resolves.toMatchObject([{ reason: 'gone' }, { reason: 'gone' }]);
    expect(first?.signal.aborted).toBe(false);
    second?.stop();
    third?.stop();
  });

  it('passes on what a step returns or throws', async () => {
    const deadline = new Deadline(60_000);

    await expect(deadline.step('a', () => Promise.resolve(7))).resolves.toBe(7);
    await expect(deadline.step('b', () => Promise.reject(new Error('own')))).rejects.toThrow('own');
    deadline.stop();
  });

  it('says that it expired, whatever a listener of its signal does then', async () => {
    const caller = new AbortController();
    const deadline = new Deadline(5, caller.signal);
    deadline.signal.addEventListener('abort', () => caller.abort('changed my mind'));

    await expect(deadline.step('signing', never)).rejects.toThrow();

    expect(deadline.expired).toBe(true);
    deadline.stop();
  });

  it('keeps nothing of a step that has ended', async () => {
    const EIGHT_MEBIBYTES = 8 * 1_048_576;
    const before = liveBytes();
    const deadlines = Array.from({ length: 8 }, () => new Deadline(60_000));

    for (const deadline of deadlines) {
      const reply = Array.from({ length: EIGHT_MEBIBYTES / 64 }, (_, index) => index);
      await deadline.step('sending', () => Promise.resolve(reply));
    }

    expect(liveBytes() - before).toBeLessThan(EIGHT_MEBIBYTES / 2);
    for (const deadline of deadlines) deadline.stop();
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

  it('ends its part with the whole, and not the whole with its part', async () => {
    const caller = new AbortController();
    const deadline = new Deadline(60_000, caller.signal);
    const part = deadline.part(5);

    await expect(part.step('sending', never)).rejects.toThrow();
    expect(part.expired).toBe(true);
    expect(deadline.signal.aborted).toBe(false);

    const next = deadline.part(60_000);
    caller.abort('gone');
    expect(next.signal.reason).toBe('gone');
    expect(next.expired).toBe(false);
    deadline.stop();
    next.stop();
  });
});
