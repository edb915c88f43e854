import { describe, expect, it } from '@jest/globals';
import { createContainerState } from '../../../lib/merchants/container-state.js';

describe('createContainerState', () => {
  it('allows notifications with unknown serial numbers five downloads at once, then one a second', () => {
    let time = 0;
    const { lookups } = createContainerState(() => time);
    const takeAll = (): number => (lookups.take() ? 1 + takeAll() : 0);

    expect(takeAll()).toBe(5);
    time = 999;
    expect(takeAll()).toBe(0);
    time = 1_000;
    expect(takeAll()).toBe(1);
    time = 3_600_000;
    expect(takeAll()).toBe(5);
  });

  it('goes by the clock of the process, unless it is given another', () => {
    const { lookups } = createContainerState();

    const taken = Array.from({ length: 6 }, () => lookups.take());

    expect(taken).toEqual([true, true, true, true, true, false]);
  });
});
