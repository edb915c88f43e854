import { describe, expect, it } from '@jest/globals';
import { Deadline } from '../../../lib/transport/deadline.js';
import { Semaphore } from '../../../lib/transport/semaphore.js';

describe('Semaphore', () => {
  it('admits the first callers, and the next ones in order as permits are released', async () => {
    const semaphore = new Semaphore('waiting for other calls');
    const deadline = new Deadline(60_000);
    const entered: string[] = [];
    await semaphore.acquire(deadline, 1);
    const second = semaphore.acquire(deadline, 1).then(() => entered.push('second'));
    const third = semaphore.acquire(deadline, 1).then(() => entered.push('third'));

    expect(entered).toEqual([]);
    semaphore.release();
    await second;
    expect(entered).toEqual(['second']);
    semaphore.release();
    await third;
    deadline.stop();
  });

  it('runs work with a permit, and releases it if the work fails', async () => {
    const semaphore = new Semaphore('waiting for other calls');
    const deadline = new Deadline(60_000);
    let fail = (_error: Error): void => undefined;
    const failing = semaphore.run(deadline, 1, () => new Promise((_, reject) => (fail = reject)));
    expect(semaphore.tryAcquire(1)).toBe(false);
    const next = semaphore.run(deadline, 1, () => Promise.resolve('next'));

    fail(new Error('refused'));

    await expect(failing).rejects.toThrow('refused');
    await expect(next).resolves.toBe('next');
    expect(semaphore.tryAcquire(1)).toBe(true);
    deadline.stop();
  });

  it('keeps no permit for a caller whose time ran out while it waited', async () => {
    const semaphore = new Semaphore('waiting for other calls');
    const patient = new Deadline(60_000);
    const hurried = new Deadline(5);
    await semaphore.acquire(patient, 1);
    await expect(semaphore.acquire(hurried, 1)).rejects.toThrow();
    expect(hurried.slowestStep).toBe('waiting for other calls');

    semaphore.release();

    await semaphore.acquire(patient, 1);
    patient.stop();
  });

  it('counts the permits that were released', async () => {
    const semaphore = new Semaphore('waiting for other calls');
    const deadline = new Deadline(60_000);
    for (let round = 0; round < 3; round++) {
      await semaphore.acquire(deadline, 2);
      await semaphore.acquire(deadline, 2);
      semaphore.release();
      semaphore.release();
    }
    deadline.stop();
  });

  it('admits each caller at its own limit, and none before an earlier one', async () => {
    const semaphore = new Semaphore('waiting for other calls');
    const deadline = new Deadline(60_000);
    const entered: string[] = [];
    await semaphore.acquire(deadline, 2);
    await semaphore.acquire(deadline, 2);
    const narrow = semaphore.acquire(deadline, 1).then(() => entered.push('narrow'));
    const wide = semaphore.acquire(deadline, 3).then(() => entered.push('wide'));

    semaphore.release();
    await Promise.resolve();
    expect(entered).toEqual([]);
    semaphore.release();

    await Promise.all([narrow, wide]);
    expect(entered).toEqual(['narrow', 'wide']);
    deadline.stop();
  });

  it('admits the next caller when the first in line aborts', async () => {
    const semaphore = new Semaphore('waiting for other calls');
    const deadline = new Deadline(60_000);
    const caller = new AbortController();
    const impatient = new Deadline(60_000, caller.signal);
    await semaphore.acquire(deadline, 2);
    const narrow = semaphore.acquire(impatient, 1);
    const wide = semaphore.acquire(deadline, 2);

    caller.abort('gone');

    await expect(narrow).rejects.toBe('gone');
    await wide;
    deadline.stop();
    impatient.stop();
  });

  it('admits a caller that aborts at the moment of its admission, and takes its permit back', async () => {
    const semaphore = new Semaphore('waiting for other calls');
    const deadline = new Deadline(60_000);
    const caller = new AbortController();
    const impatient = new Deadline(60_000, caller.signal);
    await semaphore.acquire(deadline, 1);
    const turn = semaphore.acquire(impatient, 1);

    semaphore.release();
    caller.abort('gone');
    await turn;
    semaphore.release();

    await semaphore.acquire(deadline, 1);
    deadline.stop();
    impatient.stop();
  });
});
