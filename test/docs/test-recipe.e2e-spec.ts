import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { blockOf } from './markdown.js';

const PAGES = ['README.md', 'README.zh-CN.md'];
const ONE_KIND_OF_APP_ONLY = /@jest\/globals|vitest|^(const .* = )?await /m;

describe.each(PAGES)('the test that %s shows', (page) => {
  it('needs nothing that only one test runner or only ESM has', () => {
    expect(blockOf(page, 'ts', '// orders.spec.ts')).not.toMatch(ONE_KIND_OF_APP_ONLY);
  });

  it('imports the app as jest in a CommonJS app finds it', () => {
    expect(blockOf(page, 'ts', '// orders.spec.ts')).toContain("from './app.module';");
  });
});

// Within the repository, so that imports find its packages; ignored by git.
mkdirSync('coverage', { recursive: true });
const folders = PAGES.map((page) => {
  const folder = mkdtempSync(resolve('coverage/test-recipe-'));
  for (const name of ['app.module.ts', 'orders.spec.ts']) {
    writeFileSync(join(folder, name), blockOf(page, 'ts', `// ${name}`));
  }
  return folder;
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

// Registers the tests of the pages with this spec.
for (const folder of folders) await import(join(folder, 'orders.spec.ts'));
