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
  /** Returns the path of another file that was written with it. */
  fileOf(name: string): string;
  remove(): void;
}

/**
 * Writes the recipe to a folder of its own.
 *
 * @param lease time after which the rows of a process that died are due again, in SQL
 */
export function writeSweepRecipe(lease: string): SweepRecipe {
  const recipe = writeRecipe('payment-sweep.ts');
  changeRecipe(recipe.file, "interval '1 minute'", `interval '${lease}'`);
  return recipe;
}

/** Replaces a text of a recipe, such as a time that is too long for a test. @throws {Error} if the recipe lacks the text */
export function changeRecipe(file: string, text: string, replacement: string): void {
  const code = readFileSync(file, 'utf8');
  if (!code.includes(text)) throw new Error(`${file} lacks the text "${text}", which its test replaces.`);
  writeFileSync(file, code.replace(text, replacement));
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
    fileOf: (other) => join(folder, other),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
