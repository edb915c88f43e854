import { describe, expect, it } from '@jest/globals';
import { parse } from '@swc/core';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GUARDS } from './guards.js';
import { OPERATIONS } from './plan.js';
import { COUNTS } from './tally.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const TIMEOUT_MS = 480_000;

/** Plays a campaign. Returns its output and exit code. */
function play(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const script = `${root}test/campaign/run.mjs`;
    const child = execFile('node', [script, ...args], { timeout: TIMEOUT_MS }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
}

describe('a campaign', () => {
  it(
    'of some hundred calls with random faults ends with every count at zero',
    async () => {
      const { code, output } = await play('--calls', '600', '--seed', '1');

      for (const count of COUNTS) expect(output).toMatch(new RegExp(`^${count} +0$`, 'm'));
      for (const operation of OPERATIONS) expect(output).toMatch(new RegExp(`^${operation} +[1-9]`, 'm'));
      expect(output).toMatch(/^[1-9]\d+ faults: /m);
      expect(code).toBe(0);
    },
    TIMEOUT_MS,
  );
});

describe('the list of guards', () => {
  it.each(GUARDS.map((guard) => [guard.name, guard] as const))('finds "%s" in the code, once', (_, guard) => {
    expect(readFileSync(root + guard.file, 'utf8').split(guard.find)).toHaveLength(2);
  });

  it.each(GUARDS.map((guard) => [guard.name, guard] as const))(
    'leaves code without "%s"',
    async (_, guard) => {
      const source = readFileSync(root + guard.file, 'utf8').replace(guard.find, () => guard.replace);

      await expect(parse(source, { syntax: 'typescript', decorators: true })).resolves.toBeDefined();
    },
  );

  it('has names of its own, and every count', () => {
    expect(new Set(GUARDS.map(({ name }) => name)).size).toBe(GUARDS.length);
    expect(COUNTS.filter((count) => !GUARDS.some(({ expects }) => expects === count))).toEqual([]);
  });
});
