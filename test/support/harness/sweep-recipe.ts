import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { blockOf } from '../../docs/markdown.js';

const PAGE = 'docs/tracking.md';

/** The table of the recipe in docs/tracking.md, as SQL. */
export const PAYMENTS_TABLE = blockOf(PAGE, 'sql', 'CREATE TABLE payments');

/** Recipe of docs/tracking.md as a file that runs. */
export interface SweepRecipe {
  /** Folder of the file, relative to the repository. */
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
  const recipe = writeRecipe('payment-sweep.ts');
  const code = readFileSync(recipe.file, 'utf8');
  const shortened = code.replace("interval '1 minute'", `interval '${lease}'`);
  if (shortened === code) throw new Error('The recipe has another lease than its test expects.');
  writeFileSync(recipe.file, shortened);
  return recipe;
}

/** Writes snippets of the page to a folder of their own, under the names in their first lines. */
export function writeRecipe(name: string, ...others: readonly string[]): SweepRecipe {
  // Within the repository, so that imports find its packages; ignored by git.
  mkdirSync('coverage', { recursive: true });
  const folder = mkdtempSync(resolve('coverage/tracking-recipe-'));
  for (const each of [name, ...others]) writeFileSync(join(folder, each), blockOf(PAGE, 'ts', `// ${each}`));
  return {
    folder: relative('.', folder),
    file: join(folder, name),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
