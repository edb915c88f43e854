import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Deadline } from '../../../lib/transport/deadline.js';

/** Resolves with the reason when the deadline ends. */
const endOf = (deadline: Deadline) => new Promise((resolve) => deadline.onEnd(resolve));

describe('Deadline', () => {
  afterEach(() => void jest.useRealTimers());

  it('interrupts the current step when the time is up, and reports that it expired', async () => {
    const deadline = new Deadline(5);

    const interrupted = new Promise((resolve) => deadline.wait('signing', resolve));

    await expect(interrupted).resolves.toBeInstanceOf(Error);
    expect(deadline).toMatchObject({ expired: true, aborted: false, slowestStep: 'signing' });
  });

  it('interrupts the current step with the reason of the caller who aborts', async () => {
    const caller = new AbortController();
    const deadline = new Deadline(60_000, caller.signal);
    const interrupted = new Promise((resolve) => deadline.wait('sending', resolve));

    caller.abort('changed my mind');

    await expect(interrupted).resolves.toBe('changed my mind');
    expect(deadline).toMatchObject({ expired: false, aborted: true, end: { reason: 'changed my mind' } });
    deadline.stop();
  });

  it('begins no step for a caller who has already aborted', async () => {
    const deadline = new Deadline(60_000, AbortSignal.abort('too late'));
    const interrupted: unknown[] = [];

    expect(() => deadline.enter('signing')).toThrow('too late');
    expect(() => deadline.wait('signing', (reason) => interrupted.push(reason))).toThrow('too late');
    await expect(deadline.pause(1)).rejects.toBe('too late');
    await expect(deadline.pause(0)).rejects.toBe('too late');
    await expect(endOf(deadline)).resolves.toBe('too late');
    expect(interrupted).toEqual([]);
    deadline.stop();
  });

  it('names the step that took the most time, including the current one', async () => {
    const deadline = new Deadline(60_000);
    expect(deadline.slowestStep).toBeUndefined();

    deadline.enter('signing');
    deadline.enter('sending');
    await deadline.pause(20);
    expect(deadline.slowestStep).toBe('waiting');
    deadline.enter('verifying');
    await new Promise((resolve) => setTimeout(resolve, 60));

    expect(deadline.slowestStep).toBe('verifying');
    deadline.stop();
  });

  it('puts one listener on a signal that many calls share, and removes it with the last call', () => {
    const caller = new AbortController();
    const listeners: unknown[] = [];
    caller.signal.addEventListener = (_: string, listener: unknown) => void listeners.push(listener);
    caller.signal.removeEventListener = (_: string, listener: unknown) =>
      void listeners.splice(listeners.indexOf(listener), 1);
    const deadlines = Array.from({ length: 20 }, () => new Deadline(60_000, caller.signal));
    const [first, ...others] = deadlines;

    first?.stop();
    expect(listeners).toHaveLength(1);
    for (const deadline of others) deadline.stop();

    expect(listeners).toEqual([]);
  });

  it('ends all calls that share a signal, except those that have already ended', async () => {
    const caller = new AbortController();
    const [first, second, third] = [1, 2, 3].map(() => new Deadline(60_000, caller.signal)) as [
      Deadline,
      Deadline,
      Deadline,
    ];
    const ends = [endOf(second), endOf(third)];
    first.stop();

    caller.abort('gone');

    await expect(Promise.all(ends)).resolves.toEqual(['gone', 'gone']);
    expect(first.end).toBeUndefined();
    second.stop();
    third.stop();
  });

  it('stays expired when the signal of the caller is aborted later', async () => {
    const caller = new AbortController();
    const deadline = new Deadline(5, caller.signal);

    await endOf(deadline);
    caller.abort('changed my mind');

    expect(deadline.expired).toBe(true);
    deadline.stop();
  });

  it('pauses if the time allows it, and returns false immediately if not', async () => {
    const deadline = new Deadline(1_000);

    await expect(deadline.pause(0)).resolves.toBe(true);
    expect(deadline.slowestStep).toBeUndefined();
    await expect(deadline.pause(5)).resolves.toBe(true);
    await expect(deadline.pause(1_000)).resolves.toBe(false);
    deadline.stop();
  });

  it('ends a pause with the reason of the caller who aborts, and leaves no timer', async () => {
    jest.useFakeTimers();
    const caller = new AbortController();
    const deadline = new Deadline(60_000, caller.signal);
    const pausing = deadline.pause(30_000);
    caller.abort('gone');
    await expect(pausing).rejects.toBe('gone');

    deadline.stop();

    expect(jest.getTimerCount()).toBe(0);
  });

  it('resolves all waits for its stop when it is stopped', async () => {
    const deadline = new Deadline(60_000);
    const order: string[] = [];
    const waits = ['first', 'second'].map((name) => deadline.stopped().then(() => order.push(name)));
    await new Promise((resolve) => setImmediate(resolve));
    order.push('stop');

    deadline.stop();

    await Promise.all(waits);
    expect(order).toEqual(['stop', 'first', 'second']);
  });
});
