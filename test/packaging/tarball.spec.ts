import { execSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { linksOf, readPage } from '../docs/markdown.js';

const BUILT = /^dist\/(esm|cjs)\/[\w./-]+\.(js|d\.ts)(\.map)?$/;
const SOURCES = /^(lib|sample-app)\/[\w./-]+\.ts$/;
const DOCUMENTS =
  /^(README(\.zh-CN)?\.md|(CHANGELOG|CONTRIBUTING|SECURITY)\.md|LICENSE|docs\/(?:internals\/)?[\w-]+\.md|sample-app\/README\.md)$/;
const MANIFESTS = /^(dist\/cjs\/)?package\.json$/;

describe('the tarball', () => {
  const files = packedFiles();

  it('holds the build, the sources its maps point to, the sample and the documents, nothing else', () => {
    const others = files.filter(
      (path) => ![BUILT, SOURCES, DOCUMENTS, MANIFESTS].some((kind) => kind.test(path)),
    );

    expect(others).toEqual([]);
    expect(files.filter((path) => /\bspec\./.test(path))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'lib/index.ts', 'package.json']));
  });

  // CONTRIBUTING.md and SECURITY.md name specs, which a clone has.
  it.each(files.filter((path) => /^(README|CHANGELOG|docs|sample-app).*\.md$/.test(path)))(
    'holds what %s links to',
    (page) => {
      const paths = linksOf(readPage(page))
        .filter((link) => !/^([a-z]+:|#)/.test(link))
        .map((link) => join(dirname(page), decodeURI(link).split('#')[0] ?? ''));

      const lost = paths.filter(
        (path) => !files.some((file) => file === path || file.startsWith(`${path}/`)),
      );

      expect(lost).toEqual([]);
    },
  );
});

/** Without the build that packing begins with: what is in dist/ is checked by `npm run check:package`. */
function packedFiles(): string[] {
  const output = execSync('npm pack --dry-run --json --ignore-scripts', {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files }] = JSON.parse(output) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path);
}
