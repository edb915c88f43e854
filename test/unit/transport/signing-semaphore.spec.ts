import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { performance } from 'node:perf_hooks';
import { Deadline } from '../../../lib/transport/deadline.js';
import { SigningSemaphore } from '../../../lib/transport/signing-semaphore.js';

/** Longer than any test takes. */
const NEVER_MS = 60_000;
const LEASE_MS = 20;
const [mine, theirs] = [{ name: 'mine' }, { name: 'theirs' }];

/** Asks for permits of one semaphore, and notes who has got one, in that order. */
function askers(leaseMs?: number) {
  const semaphore = new SigningSemaphore(leaseMs === undefined ? {} : { leaseMs });
  const admitted: string[] = [];
  const deadlines: Deadline[] = [];
  return {
    admitted,
    deadlines,
    ask: async (name: string, signer: object, permits: number, timeoutMs = NEVER_MS) => {
      const deadline = new Deadline(timeoutMs);
      deadlines.push(deadline);
      return new Promise<() => void>((resolve, reject) => {
        const sign = () =>
          new Promise<void>((leave) => {
            admitted.push(name);
            resolve(leave);
          });
        semaphore.run(deadline, { signer, permits }, sign).catch(reject);
      });
    },
    stop: () => deadlines.forEach((deadline) => deadline.stop()),
  };
}

const afterAWhile = () => new Promise((resolve) => setImmediate(resolve));

let now: number;
/** Lets time pass for the timers and for the clock. */
function pass(ms: number): void {
  now += ms;
  jest.advanceTimersByTime(ms);
}

beforeEach(() => {
  now = 1_000;
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('SigningSemaphore', () => {
  it('limits the signatures of all signers together', async () => {
    const { ask, admitted, stop } = askers(NEVER_MS);
    const leave = await ask('first', mine, 2);
    await ask('second', theirs, 2);
    const third = ask('third', theirs, 2);

    await afterAWhile();
    expect(admitted).toEqual(['first', 'second']);

    leave();
    await third;
    stop();
  });

  it('admits a signer with few calls before the many calls of another', async () => {
    const { ask, admitted, stop } = askers(NEVER_MS);
    const leave = await ask('mine', mine, 1);
    const others = ['mine 2', 'mine 3', 'mine 4'].map((name) => ask(name, mine, 1));
    const other = ask('theirs', theirs, 1);
    await afterAWhile();

    leave();
    (await other)();
    const leaveSecond = await others[0];

    expect(admitted).toEqual(['mine', 'theirs', 'mine 2']);
    expect(leaveSecond).toBeDefined();
    stop();
  });

  it('takes the permit back from a signer that hangs', async () => {
    const { ask, admitted, stop } = askers(LEASE_MS);
    await Promise.all([ask('hangs', mine, 2), ask('hangs', mine, 2)]);
    const prompt = ask('prompt', theirs, 2);

    pass(LEASE_MS - 1);
    await afterAWhile();
    expect(admitted).toEqual(['hangs', 'hangs']);

    pass(1);
    await prompt;
    stop();
  });

  it('takes it back after 100 ms, unless told otherwise', async () => {
    const { ask, admitted, stop } = askers();
    await ask('hanging', mine, 1);
    const other = ask('other', theirs, 1);

    pass(99);
    await afterAWhile();
    const before = [...admitted];
    pass(1);
    await other;

    expect(before).toEqual(['hanging']);
    expect(admitted).toEqual(['hanging', 'other']);
    stop();
  });

  it('gives no permit to a signer that is still overdue', async () => {
    const { ask, admitted, stop } = askers(LEASE_MS);
    const leave = await ask('hangs', mine, 2);
    pass(LEASE_MS);

    await ask('hangs too', mine, 2);
    const third = ask('waits', mine, 2);
    const other = ask('not held', theirs, 1);
    await afterAWhile();

    expect(admitted).toEqual(['hangs', 'hangs too', 'not held']);
    leave();
    await Promise.all([third, other]);
    stop();
  });

  it('gives no permit to a signer whose last signature, outside the shared limit, was slow', async () => {
    const { ask, admitted, stop } = askers(LEASE_MS);
    for (const name of ['slow', 'slow again']) {
      const leave = await ask(name, mine, 1);
      pass(LEASE_MS);
      leave();
    }

    await ask('outside', mine, 1);
    const other = ask('not held', theirs, 1);
    await afterAWhile();

    expect(admitted.at(-1)).toBe('not held');
    await other;
    stop();
  });

  it('counts a signer in the shared limit again once it is fast', async () => {
    const { ask, admitted, stop } = askers(LEASE_MS);
    const leaveSlow = await ask('slow', mine, 1);
    pass(LEASE_MS);
    leaveSlow();
    const leaveQuick = await ask('quick', mine, 1);
    pass(LEASE_MS - 1);
    leaveQuick();

    await ask('counted', mine, 1);
    const waiting = ask('other', theirs, 1);
    await afterAWhile();
    expect(admitted).not.toContain('other');

    pass(LEASE_MS);
    await waiting;
    stop();
  });

  it('keeps no permit for a call whose time runs out while it waits', async () => {
    const { ask, deadlines, stop } = askers(NEVER_MS);
    const leave = await ask('first', mine, 1);
    const late = Promise.allSettled([ask('own line', mine, 1, 10), ask('shared line', theirs, 1, 10)]);
    await afterAWhile();
    pass(10);

    expect((await late).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(deadlines.map(({ slowestStep }) => slowestStep)).toEqual([
      undefined,
      'waiting to sign',
      'waiting to sign',
    ]);
    leave();

    (await ask('mine', mine, 1))();
    await ask('theirs', theirs, 1);
    stop();
  });
});
