import { describe, expect, it } from '@jest/globals';
import { Deadline } from '../../../lib/transport/deadline.js';
import { Gate } from '../../../lib/transport/gate.js';

describe('Gate', () => {
  it('lets the first in, and the next in their order as places get free', async () => {
    const gate = new Gate('waiting for its turn');
    const deadline = new Deadline(60_000);
    const entered: string[] = [];
    await gate.enter(deadline, 1);
    const second = gate.enter(deadline, 1).then(() => entered.push('second'));
    const third = gate.enter(deadline, 1).then(() => entered.push('third'));

    expect(entered).toEqual([]);
    gate.leave();
    await second;
    expect(entered).toEqual(['second']);
    gate.leave();
    await third;
    deadline.stop();
  });

  it('keeps no place for one whose time ran out', async () => {
    const gate = new Gate('waiting for its turn');
    const patient = new Deadline(60_000);
    const hurried = new Deadline(5);
    await gate.enter(patient, 1);
    await expect(gate.enter(hurried, 1)).rejects.toThrow();
    expect(hurried.slowestStep).toBe('waiting for its turn');

    gate.leave();

    await gate.enter(patient, 1);
    patient.stop();
  });

  it('counts the places that were given back', async () => {
    const gate = new Gate('waiting for its turn');
    const deadline = new Deadline(60_000);
    for (let round = 0; round < 3; round++) {
      await gate.enter(deadline, 2);
      await gate.enter(deadline, 2);
      gate.leave();
      gate.leave();
    }
    deadline.stop();
  });

  it('lets each in at the width that it sees, and nobody pass who came later', async () => {
    const gate = new Gate('waiting for its turn');
    const deadline = new Deadline(60_000);
    const entered: string[] = [];
    await gate.enter(deadline, 2);
    await gate.enter(deadline, 2);
    const narrow = gate.enter(deadline, 1).then(() => entered.push('narrow'));
    const wide = gate.enter(deadline, 3).then(() => entered.push('wide'));

    gate.leave();
    await Promise.resolve();
    expect(entered).toEqual([]);
    gate.leave();

    await Promise.all([narrow, wide]);
    expect(entered).toEqual(['narrow', 'wide']);
    deadline.stop();
  });

  it('opens for the next when the first in line gives up', async () => {
    const gate = new Gate('waiting for its turn');
    const deadline = new Deadline(60_000);
    const caller = new AbortController();
    const impatient = new Deadline(60_000, caller.signal);
    await gate.enter(deadline, 2);
    const narrow = gate.enter(impatient, 1);
    const wide = gate.enter(deadline, 2);

    caller.abort('gone');

    await expect(narrow).rejects.toBe('gone');
    await wide;
    deadline.stop();
    impatient.stop();
  });

  it('lets one in who gives up in the very moment of its turn, and who leaves like any other', async () => {
    const gate = new Gate('waiting for its turn');
    const deadline = new Deadline(60_000);
    const caller = new AbortController();
    const impatient = new Deadline(60_000, caller.signal);
    await gate.enter(deadline, 1);
    const turn = gate.enter(impatient, 1);

    gate.leave();
    caller.abort('gone');
    await turn;
    gate.leave();

    await gate.enter(deadline, 1);
    deadline.stop();
    impatient.stop();
  });
});
