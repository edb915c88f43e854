import { transformFile, transform } from '@swc/core';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import jest from '../../jest.config.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Under node_modules, so that what is built there finds its dependencies; one for each process. */
const WORK = join(ROOT, 'node_modules/.cache/campaign', String(process.pid));
const FOLDERS = ['lib', 'test/campaign'];
const FILES = ['test/support/assertions/heap.ts'];
const { exports: entries } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
/** Gives what is built the names of the package. */
const MANIFEST = {
  name: 'nestjs-wxpay',
  type: 'module',
  exports: Object.fromEntries(
    Object.keys(entries)
      .filter((entry) => entry !== './package.json')
      .map((entry) => [entry, `./${join('lib', entry, 'index.js')}`]),
  ),
};
const [, swc] = Object.values(jest.transform)[0];
const options = (path) => ({ ...swc, sourceMaps: 'inline', filename: path, sourceFileName: path });

/** Turns the sources into what Node runs. @returns the folder */
export async function build(name = 'whole', folders = FOLDERS) {
  const folder = join(WORK, name);
  const paths = [...FILES, ...(await Promise.all(folders.map(typescriptIn))).flat()];
  await Promise.all(
    paths.map(async (path) => put(folder, path, await transformFile(join(ROOT, path), options(path)))),
  );
  await writeFile(join(folder, 'package.json'), JSON.stringify(MANIFEST));
  return folder;
}

/**
 * Makes a copy of what was built in which one guard is switched off.
 *
 * @param whole where everything was built
 * @returns the folder
 * @throws {Error} if what is to be replaced does not stand exactly once in the file
 */
export async function sabotage(whole, { name, file, find, replace }) {
  const folder = join(WORK, name.replaceAll(/\W+/g, '-'));
  const source = await readFile(join(ROOT, file), 'utf8');
  const count = source.split(find).length - 1;
  if (count !== 1) {
    throw new Error(`What guard "${name}" replaces stands ${count} times in ${file}, not once.`);
  }
  await cp(whole, folder, { recursive: true });
  await put(
    folder,
    file,
    await transform(
      source.replace(find, () => replace),
      options(file),
    ),
  );
  return folder;
}

/** Removes all that this process has built. */
export function clean() {
  return rm(WORK, { recursive: true, force: true });
}

async function typescriptIn(folder) {
  const paths = await readdir(join(ROOT, folder), { recursive: true });
  return paths.filter((path) => /(?<!\bspec)\.ts$/.test(path)).map((path) => join(folder, path));
}

async function put(folder, path, { code }) {
  const target = join(folder, path.replace(/\.ts$/, '.js'));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, code);
}
