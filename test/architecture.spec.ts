import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { findCycle, relativeImports, targetOf } from './support/assertions/import-graph.js';
import { readSources } from './support/assertions/source-file.js';
import { specFiles } from './support/fixtures/spec-files.js';

interface Rule {
  /** Folders or files of lib/, beside its own folder; `x/` stands for the files of a folder without the folders in it. */
  readonly lib: readonly string[];
  /** Packages; `type x` allows no import that is left at run time. `node` stands for all built-in modules. */
  readonly packages: readonly string[];
}

const NEST = ['@nestjs/common', '@nestjs/core'];
const FACTS = ['errors', 'telemetry', 'rules'];
/** The types of the domain with the rules that check them, without the flows. */
const DOMAIN_TYPES = ['domain/', 'domain/bills', 'domain/placing', 'domain/refunds', 'domain/ports'];
const SERVICES = ['orders', 'refunds', 'payments', 'bills', 'client'];
const CORE = [...FACTS, 'domain', 'crypto', 'transport', 'v3', 'v2', ...SERVICES, 'filters', 'merchants'];

const filesOf = (folder: string, names: string) => names.split(' ').map((name) => `${folder}/${name}`);

/** Who may import whom inside lib/. A new folder begins with its row here; a folder without one is part of the one around it. */
const RULES: Readonly<Record<string, Rule>> = {
  errors: { lib: [], packages: ['node'] },
  telemetry: { lib: ['errors'], packages: ['node'] },
  rules: { lib: [], packages: [] },
  signals: { lib: [], packages: [] },
  // Domain types import neither the services that use them nor the flows.
  domain: { lib: [...FACTS, 'domain/refunds/refund'], packages: [] },
  'domain/placing': { lib: [...FACTS, 'domain/'], packages: [] },
  'domain/bills': { lib: [...FACTS, 'domain/'], packages: [] },
  'domain/refunds': { lib: [...FACTS, 'domain/'], packages: [] },
  'domain/ports': {
    lib: ['errors', 'domain/', 'domain/bills', 'domain/placing', 'domain/refunds'],
    packages: [],
  },
  'domain/flows': { lib: [...FACTS, 'signals', ...DOMAIN_TYPES], packages: ['rxjs'] },
  // One rule says what is next for an order; sweeps and jobs carry it out.
  'domain/tracking': {
    lib: [...FACTS, 'domain/', 'domain/placing', 'domain/ports', 'domain/refunds', 'domain/flows'],
    packages: [],
  },
  crypto: { lib: FACTS, packages: ['node'] },
  transport: { lib: [...FACTS, 'signals', 'transport/http', 'transport/retry'], packages: ['node'] },
  // HTTP clients exchange bytes: they import neither calls nor deadlines nor retries.
  'transport/http': { lib: ['errors'], packages: ['node'] },
  'transport/retry': { lib: ['errors', 'telemetry', 'transport/', 'transport/http'], packages: ['node'] },
  v3: { lib: [...FACTS, ...DOMAIN_TYPES, 'crypto', 'transport', 'v3/operations'], packages: ['node'] },
  // An endpoint is data: it imports neither the pipeline nor the transport.
  'v3/operations': {
    lib: [
      ...DOMAIN_TYPES,
      ...filesOf('v3', 'operation json decode-order decode-combine-order decode-refund'),
    ],
    packages: [],
  },
  v2: { lib: [...FACTS, ...DOMAIN_TYPES, 'transport', 'v2/operations'], packages: ['node', 'saxes'] },
  'v2/operations': {
    lib: [...DOMAIN_TYPES, ...filesOf('v2', 'operation fields field-names xml decode-order decode-refund')],
    packages: [],
  },
  orders: { lib: [...FACTS, 'domain'], packages: ['rxjs'] },
  refunds: { lib: [...FACTS, 'domain'], packages: ['rxjs'] },
  payments: { lib: [...FACTS, 'domain'], packages: ['rxjs'] },
  bills: { lib: [...FACTS, 'domain'], packages: ['node'] },
  client: { lib: [...FACTS, 'domain'], packages: [] },
  filters: { lib: ['errors'], packages: ['node', 'rxjs', ...NEST] },
  merchants: { lib: CORE, packages: ['node', ...NEST] },
  notifications: { lib: [...FACTS, 'domain', 'v3', 'v2', 'merchants'], packages: ['node', 'rxjs', ...NEST] },
  '.': { lib: [...CORE, 'notifications'], packages: ['node', ...NEST] },
  // Entries beside the main one see no more of it than a consumer does, but for the readers of keys in crypto.
  config: {
    lib: ['index', 'crypto', 'rules', 'transport/origin'],
    packages: ['node', '@nestjs/common', '@nestjs/config', 'class-transformer', 'class-validator'],
  },
  bullmq: {
    lib: ['index', 'rules', 'errors', 'domain/flows/publish-settlement'],
    packages: ['node', '@nestjs/common', '@nestjs/core', 'bullmq'],
  },
  terminus: { lib: ['index', 'errors', 'rules'], packages: ['node', '@nestjs/common', '@nestjs/terminus'] },
  opentelemetry: { lib: ['index'], packages: ['node', '@nestjs/common', '@opentelemetry/api'] },
  testing: {
    lib: ['index', 'crypto', 'v3/canonical-message', 'v2/xml', 'v2/signing/canonical-fields'],
    packages: ['node', '@peculiar/x509', 'reflect-metadata'],
  },
};
const MAX_LINES = 250;

const lib = readSources('lib');

describe('who may import whom', () => {
  it('has a row for every folder of lib', () => {
    const folders = new Set(lib.map(folderOf));

    expect([...folders].filter((folder) => !Object.hasOwn(RULES, folder))).toEqual([]);
    expect(folders.size).toBeGreaterThan(5);
  });

  it.each(Object.entries(RULES))('%s imports nothing but what its row allows', (folder, rule) => {
    const files = lib.filter((file) => folderOf(file) === folder);

    const offences = files.flatMap((file) =>
      file.imports
        .filter(({ specifier, isTypeOnly }) => {
          if (!specifier.startsWith('.')) return !allowsPackage(rule, specifier, isTypeOnly);
          const target = targetOf(file, specifier);
          return folderOf({ path: target }) !== folder && !rule.lib.some((each) => covers(each, target));
        })
        .map(({ specifier }) => `${file.path} imports ${specifier}`),
    );

    expect(offences).toEqual([]);
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

function covers(entry: string, path: string): boolean {
  return entry.endsWith('/') ? posix.dirname(path) === entry.slice(0, -1) : isWithin(path, entry);
}

function isWithin(path: string, folderOrFile: string): boolean {
  return path === folderOrFile || path.startsWith(`${folderOrFile}/`) || path === `${folderOrFile}.ts`;
}

function allowsPackage({ packages }: Rule, specifier: string, isTypeOnly: boolean): boolean {
  const name = specifier.replace(/^node:.*/, 'node');
  return packages.includes(name) || (isTypeOnly && packages.includes(`type ${name}`));
}

function isAwait(node: ts.Node): boolean {
  return ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
}
