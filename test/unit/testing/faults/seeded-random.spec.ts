import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../../../lib/testing/faults/seeded-random.js';

const draws = (random: SeededRandom, key: string, times = 3) =>
  Array.from({ length: times }, () => random.draw(key));

describe('SeededRandom', () => {
  it('draws the same numbers for the same seed', () => {
    expect(draws(new SeededRandom(7), 'T1')).toEqual(draws(new SeededRandom(7), 'T1'));
  });

  it('derives the numbers from SHA-256 over seed, index and key', () => {
    // printf '7\n0\nT1' | sha256sum: 7d42abd0 069f160f db7f61c1 …, read as fractions of 2^32.
    const drawn = new SeededRandom(7).draw('T1');

    expect(drawn.map((each) => each * 2 ** 32)).toEqual([0x7d42abd0, 0x069f160f, 0xdb7f61c1]);
  });

  it('draws other numbers for another seed, another key and the next draw', () => {
    const random = new SeededRandom(7);

    const seen = [
      random.draw('T1'),
      random.draw('T1'),
      random.draw('T2'),
      new SeededRandom(8).draw('T1'),
    ].flat();

    expect(new Set(seen).size).toBe(12);
  });

  it('draws for a key independently of draws for other keys', () => {
    const [alone, disturbed] = [new SeededRandom(7), new SeededRandom(7)];

    const expected = draws(alone, 'T1');
    const mixed = expected.map(() => {
      draws(disturbed, 'T2', 2);
      return disturbed.draw('T1');
    });

    expect(mixed).toEqual(expected);
  });

  it('spreads the numbers evenly over [0, 1)', () => {
    const drawn = draws(new SeededRandom(1), 'T1', 3000).flat();

    const tenths = Array.from(
      { length: 10 },
      (_, tenth) => drawn.filter((each) => Math.floor(each * 10) === tenth).length,
    );

    expect(tenths.filter((count) => count < 800 || count > 1000)).toEqual([]);
    expect(Math.max(...drawn)).toBeLessThan(1);
  });
});
