import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { findCycle, relativeImports, targetOf } from './support/assertions/import-graph.js';
import { readSources } from './support/assertions/source-file.js';
import { RULES, type Rule } from './support/fixtures/import-rules.js';
import { specFiles } from './support/fixtures/spec-files.js';

const MAX_LINES = 250;

const lib = readSources('lib');

describe('who may import whom', () => {
  it('has a row for every folder of lib', () => {
    const folders = new Set(lib.map(folderOf));

    expect([...folders].filter((folder) => !Object.hasOwn(RULES, folder))).toEqual([]);
    expect(folders.size).toBeGreaterThan(5);
  });

  it.each(Object.entries(RULES))('%s imports nothing but what its row allows', (folder, rule) => {
    const offences = importsOf(folder).filter(({ allowedBy }) => !allowedBy(rule));

    expect(offences.map(({ from, specifier }) => `${from} imports ${specifier}`)).toEqual([]);
  });

  it.each(Object.entries(RULES))('%s uses all that its row allows', (folder, rule) => {
    const imports = importsOf(folder);

    const unused = [
      ...rule.lib.map((each) => ({ lib: [each], packages: [] })),
      ...rule.packages.map((each) => ({ lib: [], packages: [each] })),
    ].filter((row) => !imports.some(({ allowedBy }) => allowedBy(row)));

    expect(unused.flatMap(({ lib: folders, packages }) => [...folders, ...packages])).toEqual([]);
  });

  it('has no cycle between files, not even of types', () => {
    expect(findCycle(relativeImports(lib))).toBeUndefined();
  });

  it('lets the sample app reach the library by its package name only', () => {
    const offences = relativeImports(readSources('sample-app')).filter(({ to }) => isWithin(to, '../lib'));

    expect(offences).toEqual([]);
  });
});

describe('what lib may contain', () => {
  // The CommonJS build has no import.meta and no top-level await; the others make an API or a state that nobody sees.
  it.each<[construct: string, isIt: (node: ts.Node, path: string) => boolean]>([
    [
      'export *',
      (node) => ts.isExportDeclaration(node) && !(node.exportClause && ts.isNamedExports(node.exportClause)),
    ],
    [
      'a default export',
      (node) =>
        ts.isExportAssignment(node) ||
        node.kind === ts.SyntaxKind.DefaultKeyword ||
        (ts.isExportSpecifier(node) && node.name.text === 'default'),
    ],
    [
      'an import.meta',
      (node) => ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword,
    ],
    ['a top-level await', (node) => isAwait(node) && !ts.findAncestor(node, ts.isFunctionLike)],
    [
      'a module variable that changes',
      (node) =>
        ts.isVariableStatement(node) &&
        ts.isSourceFile(node.parent) &&
        !(node.declarationList.flags & ts.NodeFlags.Const),
    ],
    ['console', (node) => ts.isIdentifier(node) && node.text === 'console'],
    [
      'an API or a pipeline that is made outside the composition root',
      (node, path) =>
        ts.isNewExpression(node) &&
        /^V[23](\w+Api|Pipeline|NotificationReader|Downloads|PaySigner|Authenticator)$/.test(
          node.expression.getText(),
        ) &&
        // The download of certificates has a verifier of its own; the mock gateway's V2Api and V3Api are servers.
        !['merchants/create-apis.ts', 'v3/platform-certificates/certificate-download.ts'].includes(path) &&
        !isWithin(path, 'testing'),
    ],
    [
      'process.env outside config',
      (node, path) =>
        ts.isPropertyAccessExpression(node) && node.getText() === 'process.env' && !isWithin(path, 'config'),
    ],
  ])('does not contain %s', (_construct, isIt) => {
    const offences = lib.flatMap(({ path, nodes }) =>
      nodes.filter((node) => isIt(node, path)).map((node) => `${path}: ${node.getText().split('\n')[0]}`),
    );

    expect(offences).toEqual([]);
  });

  it('names every imported file with its .js ending', () => {
    const offences = lib.flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier }) => specifier.startsWith('.') && !specifier.endsWith('.js'))
        .map(({ specifier }) => `${path} imports ${specifier}`),
    );

    expect(offences).toEqual([]);
  });
});

describe('files', () => {
  it(`have at most ${MAX_LINES} lines`, () => {
    const long = ['lib', 'sample-app', 'test'].flatMap((directory) =>
      readSources(directory)
        .filter(({ lines }) => lines > MAX_LINES)
        .map(({ path, lines }) => `${directory}/${path}: ${lines}`),
    );

    expect(long).toEqual([]);
  });

  it('that look like a spec are run by jest', () => {
    const run = specFiles();

    const specs = ['lib', 'sample-app', 'test']
      .flatMap((directory) => readSources(directory).map(({ path }) => `${directory}/${path}`))
      .filter((path) => /\b(spec|test)\.[cm]?ts$/.test(path) && !isWithin(path, 'test/compat'));

    expect(specs.filter((path) => !run.has(path))).toEqual([]);
    expect(specs).not.toEqual([]);
  });

  it('of test/unit lie in folders that lib has', () => {
    const strays = readSources('test/unit')
      .map(({ path }) => posix.dirname(path))
      .filter((folder) => !existsSync(posix.join('lib', folder)));

    expect(strays).toEqual([]);
  });
});

/** The innermost folder that has a row, or the first below lib/; `.` for the files beside it. */
function folderOf({ path }: { readonly path: string }): string {
  const folder = posix.dirname(path);
  if (Object.hasOwn(RULES, folder) || !folder.includes('/')) return folder;
  return folderOf({ path: folder });
}

/** The imports of a folder from outside of it. */
function importsOf(folder: string) {
  return lib
    .filter((file) => folderOf(file) === folder)
    .flatMap((file) =>
      file.imports.map(({ specifier }) => {
        const target = specifier.startsWith('.') ? targetOf(file, specifier) : undefined;
        const name = specifier.replace(/^node:.*/, 'node');
        const allowedBy = (rule: Rule) =>
          target === undefined ? rule.packages.includes(name) : rule.lib.some((each) => covers(each, target));
        return { from: file.path, specifier, target, allowedBy };
      }),
    )
    .filter(({ target }) => target === undefined || folderOf({ path: target }) !== folder);
}

function covers(entry: string, path: string): boolean {
  return entry.endsWith('/') ? posix.dirname(path) === entry.slice(0, -1) : isWithin(path, entry);
}

function isWithin(path: string, folderOrFile: string): boolean {
  return path === folderOrFile || path.startsWith(`${folderOrFile}/`) || path === `${folderOrFile}.ts`;
}

function isAwait(node: ts.Node): boolean {
  return ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
}
