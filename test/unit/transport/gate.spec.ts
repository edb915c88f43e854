import { describe, expect, it } from '@jest/globals';
import { Deadline } from '../../../lib/transport/deadline.js';
import { Gate } from '../../../lib/transport/gate.js';

describe('Gate', () => {
  it('lets the first in, and the next in their order as places get free', async () => {
    const gate = new Gate(1);
    const deadline = new Deadline(60_000);
    const entered: string[] = [];
    await gate.enter(deadline);
    const second = gate.enter(deadline).then(() => entered.push('second'));
    const third = gate.enter(deadline).then(() => entered.push('third'));

    expect(entered).toEqual([]);
    gate.leave();
    await second;
    expect(entered).toEqual(['second']);
    gate.leave();
    await third;
    deadline.stop();
  });

  it('keeps no place for one whose time ran out', async () => {
    const gate = new Gate(1);
    const patient = new Deadline(60_000);
    const hurried = new Deadline(5);
    await gate.enter(patient);
    await expect(gate.enter(hurried)).rejects.toThrow();
    expect(hurried.slowestStep).toBe('waiting for its turn');

    gate.leave();

    await gate.enter(patient);
    patient.stop();
  });

  it('counts the places that were given back', async () => {
    const gate = new Gate(2);
    const deadline = new Deadline(60_000);
    for (let round = 0; round < 3; round++) {
      await gate.enter(deadline);
      await gate.enter(deadline);
      gate.leave();
      gate.leave();
    }
    deadline.stop();
  });
});
