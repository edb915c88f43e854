import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { blockOf } from '../../docs/markdown.js';

const PAGE = 'docs/tracking.md';

/** The table of the recipe in docs/tracking.md, as SQL. */
export const PAYMENTS_TABLE = blockOf(PAGE, 'sql', 'CREATE TABLE payments');

/** The recipe of docs/tracking.md as a file that runs. */
export interface SweepRecipe {
  /** Folder relative to the repository, with `payment-sweep.ts` in it. */
  readonly folder: string;
  /** Path of the file. */
  readonly file: string;
  remove(): void;
}

/**
 * Writes the recipe to a folder of its own.
 *
 * @param lease time after which the rows of a process that died are due again, in SQL; shorter than in the recipe
 */
export function writeSweepRecipe(lease: string): SweepRecipe {
  const code = blockOf(PAGE, 'ts', '// payment-sweep.ts');
  const shortened = code.replace("interval '1 minute'", `interval '${lease}'`);
  if (shortened === code) throw new Error('The recipe has another lease than its test expects.');
  // Within the repository, so that imports find its packages; ignored by git.
  mkdirSync('coverage', { recursive: true });
  const folder = mkdtempSync(resolve('coverage/sweep-recipe-'));
  const file = join(folder, 'payment-sweep.ts');
  writeFileSync(file, shortened);
  return { folder: relative('.', folder), file, remove: () => rmSync(folder, { recursive: true }) };
}
