import { posix } from 'node:path';
import type { SourceFile } from './source-file.js';

/** The file that a relative import means, without its ending. */
export function targetOf({ path }: SourceFile, specifier: string): string {
  return posix.join(posix.dirname(path), specifier).replace(/\.js$/, '');
}

/** An import of one file by another, both without their endings. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** The relative imports of files, as paths from their root. */
export function relativeImports(files: readonly SourceFile[]): readonly Edge[] {
  return files.flatMap((file) =>
    file.imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier }) => ({ from: file.path.replace(/\.ts$/, ''), to: targetOf(file, specifier) })),
  );
}

/** The first cycle found, as a chain of files; undefined if there is none. */
export function findCycle(edges: readonly Edge[]): string | undefined {
  const visited = new Set<string>();
  const visit = (file: string, path: readonly string[]): string | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(' → ');
    if (visited.has(file)) return undefined;
    visited.add(file);
    return firstOf(edges, ({ from, to }) => (from === file ? visit(to, [...path, file]) : undefined));
  };
  return firstOf(edges, ({ from }) => visit(from, []));
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
