import { describe, expect, it } from '@jest/globals';
import { Dice } from '../../../../lib/testing/faults/dice.js';

const throws = (dice: Dice, key: string, times = 3) => Array.from({ length: times }, () => dice.throw(key));

describe('Dice', () => {
  it('fall the same way for the same seed', () => {
    expect(throws(new Dice(7), 'T1')).toEqual(throws(new Dice(7), 'T1'));
  });

  it('fall as SHA-256 over seed, place and key says', () => {
    // printf '7\n0\nT1' | sha256sum: 7d42abd0 069f160f db7f61c1 …, read as fractions of 2^32.
    const thrown = new Dice(7).throw('T1');

    expect(thrown.map((each) => each * 2 ** 32)).toEqual([0x7d42abd0, 0x069f160f, 0xdb7f61c1]);
  });

  it('fall another way for another seed, another key and the next throw', () => {
    const dice = new Dice(7);

    const seen = [dice.throw('T1'), dice.throw('T1'), dice.throw('T2'), new Dice(8).throw('T1')].flat();

    expect(new Set(seen).size).toBe(12);
  });

  it('fall for a key whatever is thrown for others in between', () => {
    const [alone, disturbed] = [new Dice(7), new Dice(7)];

    const expected = throws(alone, 'T1');
    const mixed = expected.map(() => {
      throws(disturbed, 'T2', 2);
      return disturbed.throw('T1');
    });

    expect(mixed).toEqual(expected);
  });

  it('spread evenly from 0 to below 1', () => {
    const thrown = throws(new Dice(1), 'T1', 3000).flat();

    const tenths = Array.from(
      { length: 10 },
      (_, tenth) => thrown.filter((each) => Math.floor(each * 10) === tenth).length,
    );

    expect(tenths.filter((count) => count < 800 || count > 1000)).toEqual([]);
    expect(Math.max(...thrown)).toBeLessThan(1);
  });
});
