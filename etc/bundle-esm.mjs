import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

// Makes a file of each entry's ES modules, and one of what entries share, in place of the two hundred that the compiler wrote: Node
// opens ES modules one after the other, which took most of the time of an import. Declarations stay as they are, and source maps lead
// to lib/.
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'dist/esm');
const { exports: entries } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: Object.values(entries)
    .filter((targets) => typeof targets !== 'string')
    .map((targets) => targets.import),
  outbase: FOLDER,
  outdir: FOLDER,
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  chunkNames: 'shared-[hash]',
  format: 'esm',
  platform: 'node',
  packages: 'external',
  target: 'node20',
  // Nest names classes in its messages.
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
  logLevel: 'warning',
});

const written = new Set(Object.keys(metafile.outputs).map((path) => join(ROOT, path)));
for (const entry of readdirSync(FOLDER, { recursive: true })) {
  const path = join(FOLDER, entry);
  if (/\.js(\.map)?$/.test(entry) && !written.has(path)) rmSync(path);
}
