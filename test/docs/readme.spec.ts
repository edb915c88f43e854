import { describe, expect, it } from '@jest/globals';
import { configurationTables } from './configuration-tables.js';
import { fencesOf, headingsOf, linksOf, readPage } from './markdown.js';

const english = readPage('README.md');
const chinese = readPage('README.zh-CN.md');

describe('README.zh-CN.md', () => {
  it('has the structure of README.md', () => {
    expect(headingsOf(chinese).map(({ level }) => level)).toEqual(
      headingsOf(english).map(({ level }) => level),
    );
  });

  it('has the snippets of README.md, with comments in its own language', () => {
    expect(codeOf(chinese)).toEqual(codeOf(english));
  });

  it('has the links of README.md', () => {
    expect(linksOut(chinese)).toEqual(linksOut(english));
  });

  it('has the variables of README.md, with their defaults', () => {
    const facts = rowsOf(configurationTables()).map(({ name, fallback }) => [name, fallback]);

    expect(rowsOf(chinese).map(({ name, fallback }) => [name, ENGLISH[fallback] ?? fallback])).toEqual(facts);
  });

  it('marks the same variables as secret', () => {
    expect(namesWith('**机密。**', chinese)).toEqual(namesWith('**Secret.**', configurationTables()));
  });
});

describe('a package that a snippet imports', () => {
  it.each([
    ['README.md', english],
    ['README.zh-CN.md', chinese],
  ])('is installed by a command of %s', (_, page) => {
    const installed = [...page.matchAll(/`npm i ([^`]+)`/g)].flatMap(([, names = '']) => names.split(' '));
    const names = installed.map((each) => each.replace(/(?<=.)@.*$/, ''));
    const missing = packagesIn(page).filter((each) => !IN_EVERY_APP.includes(each) && !names.includes(each));

    expect(missing).toEqual([]);
  });
});

/** Packages that an app of Nest has from the start. */
const IN_EVERY_APP = ['@nestjs/common', '@nestjs/core', '@nestjs/testing'];

/** The packages that the snippets of a page import. */
function packagesIn(page: string): string[] {
  const imports = fencesOf(page).flatMap(({ code }) => [...code.matchAll(/ from '((?:@[^/']+\/)?[\w-]+)/g)]);
  return [...new Set(imports.map(([, name = '']) => name))];
}

/** What the cells of the Chinese table say in place of a value. */
const ENGLISH: Readonly<Record<string, string>> = {
  必填: 'required',
  'APIv2 必填': 'required for APIv2',
  '必填，与下一项二选一': 'required, here or as a file',
  '平台证书模式必填，与下一项二选一': 'required for certificates, here or as a file',
  'APIv3 必填，与下一项二选一': 'required for APIv3, here or as a file',
  公钥模式必填: 'required for the public key',
  '公钥模式必填，与下一项二选一': 'required for the public key, here or as a file',
  '撤销订单或退款时必填，与下一项二选一': 'required for reversing and refunding, here or as a file',
  '设置了公钥时为 `public-key`，否则为 `certificates`': '`public-key` if one is set, else `certificates`',
  '3000，或 `TIMEOUT_MS` 的一半': '3000, or half of `TIMEOUT_MS`',
  无: 'none',
};

/** The links of a README but those to the other one. */
function linksOut(page: string): string[] {
  return linksOf(page)
    .filter((link) => !link.startsWith('README'))
    .toSorted();
}

/** The variables whose row has a mark. */
function namesWith(mark: string, page: string): string[] {
  return rowsOf(page)
    .filter(({ row }) => row.includes(mark))
    .map(({ name }) => name);
}

/** The rows of the configuration tables of a page. */
function rowsOf(page: string): { readonly name: string; readonly fallback: string; readonly row: string }[] {
  return [...page.matchAll(/^\| (`WXPAY_\w+`) \| ([^|]+) \|.*$/gm)].map(
    ([row, name = '', fallback = '']) => ({
      name,
      fallback,
      row,
    }),
  );
}

/** The code of a page without comments and blank lines. */
function codeOf(page: string): string[] {
  return fencesOf(page).map(({ language, code }) => {
    const lines = code.split('\n').map((line) => line.replace(/(^|\s)(\/\/|#)\s.*$/, '').trimEnd());
    return [language, ...lines.filter((line) => line !== '')].join('\n');
  });
}
