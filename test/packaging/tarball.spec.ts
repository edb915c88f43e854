import { execSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

const BUILT = /^dist\/(esm|cjs)\/[\w./-]+\.(js|d\.ts)(\.map)?$/;
const SOURCES = /^lib\/[\w./-]+\.ts$/;
const DOCUMENTS = /^(README(\.zh-CN)?\.md|CHANGELOG\.md|SECURITY\.md|LICENSE)$/;
const MANIFESTS = /^(dist\/cjs\/)?package\.json$/;

describe('the tarball', () => {
  it('holds the build, the sources its maps point to and the documents, nothing else', () => {
    const files = packedFiles();

    const others = files.filter(
      (path) => ![BUILT, SOURCES, DOCUMENTS, MANIFESTS].some((kind) => kind.test(path)),
    );

    expect(others).toEqual([]);
    expect(files.filter((path) => /\bspec\./.test(path))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'lib/index.ts', 'package.json']));
  });
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
