import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';

describe('docs/testing.md', () => {
  it('lists every fault there is, and no other', async () => {
    const [source, page] = [
      await readFile('lib/testing/behaviour.ts', 'utf8'),
      await readFile('docs/testing.md', 'utf8'),
    ];
    const declared = source.slice(
      source.indexOf('export type MockFault'),
      source.indexOf('export interface NoChange'),
    );

    const faults = [...declared.matchAll(/'([a-z-]+)'/g)].map(([, name = '']) => name);
    const rows = [...page.matchAll(/^\| `\{ fault: '([a-z-]+)'/gm)].map(([, name = '']) => name);

    expect(faults).toContain('unsigned');
    expect(rows.toSorted()).toEqual(faults.toSorted());
  });
});
