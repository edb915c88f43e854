import { describe, expect, it } from '@jest/globals';
import { Deadline } from '../../../lib/transport/deadline.js';
import { SigningSemaphore } from '../../../lib/transport/signing-semaphore.js';

/** Longer than any test takes. */
const NEVER_MS = 60_000;
const [mine, theirs] = [{ name: 'mine' }, { name: 'theirs' }];

/** Asks for permits of one semaphore, and notes who has got one, in that order. */
function askers(leaseMs: number) {
  const semaphore = new SigningSemaphore({ leaseMs });
  const admitted: string[] = [];
  const deadlines: Deadline[] = [];
  return {
    admitted,
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
    const { ask, admitted, stop } = askers(20);
    await Promise.all([ask('hangs', mine, 2), ask('hangs', mine, 2)]);

    await ask('prompt', theirs, 2);

    expect(admitted).toEqual(['hangs', 'hangs', 'prompt']);
    stop();
  });

  it('gives no permit to a signer that is still overdue', async () => {
    const { ask, admitted, stop } = askers(20);
    const leave = await ask('hangs', mine, 2);
    (await ask('prompt', theirs, 1))();

    await ask('hangs too', mine, 2);
    const third = ask('waits', mine, 2);
    await ask('not held', theirs, 1);

    expect(admitted.at(-1)).toBe('not held');
    expect(admitted).not.toContain('waits');
    leave();
    await third;
    stop();
  });

  it('counts a signer in the shared limit again once it is fast', async () => {
    const { ask, admitted, stop } = askers(20);
    const leaveSlow = await ask('slow', mine, 1);
    await ask('holds', theirs, 1).then((leave) => leave());
    leaveSlow();
    (await ask('quick', mine, 1))();

    await ask('counted', mine, 1);
    const waiting = ask('other', theirs, 1);
    await afterAWhile();

    expect(admitted).not.toContain('other');
    await waiting;
    stop();
  });

  it('keeps no permit for a call whose time runs out while it waits', async () => {
    const { ask, stop } = askers(NEVER_MS);
    const leave = await ask('first', mine, 1);
    await expect(ask('own line', mine, 1, 10)).rejects.toThrow();
    await expect(ask('shared line', theirs, 1, 10)).rejects.toThrow();

    leave();

    (await ask('mine', mine, 1))();
    await ask('theirs', theirs, 1);
    stop();
  });
});
