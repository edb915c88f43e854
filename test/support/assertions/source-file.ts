import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

/** A parsed source file and what it imports. */
export interface SourceFile {
  /** Relative to the directory it was found in, with `/`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly nodes: readonly ts.Node[];
}

export interface Import {
  readonly specifier: string;
}

/** Parses every TypeScript file under a directory; none if there is no such directory. */
export function readSources(directory: string): readonly SourceFile[] {
  return filesUnder(directory)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => parse(path, readFileSync(join(directory, path), 'utf8')));
}

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function parse(path: string, text: string): SourceFile {
  const nodes = descendants(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return { path, lines: text.trimEnd().split('\n').length, imports: nodes.flatMap(importOf), nodes };
}

function descendants(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return [node, ...children.flatMap(descendants)];
}

/** Every form that names another module: `import`, `export … from`, `import()` and `import('…').Type`. */
function importOf(node: ts.Node): Import[] {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return named(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return named(node.argument.literal);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return named(node.arguments[0]);
  }
  return [];
}

function named(specifier: ts.Node | undefined): Import[] {
  return specifier && ts.isStringLiteral(specifier) ? [{ specifier: specifier.text }] : [];
}
