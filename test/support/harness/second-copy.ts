import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import ts from 'typescript';

type ErrorClasses = typeof import('../../../lib/errors/wxpay-api-error.js') &
  typeof import('../../../lib/errors/wxpay-input-error.js');

/**
 * Loads error classes of lib/ once more, as CommonJS: the second copy of the package that a plug-in brings into an
 * ESM host.
 */
export function secondCopyOfErrors(): ErrorClasses {
  const copies = new Map<string, object>();
  const load = (path: string): object => {
    const loaded = copies.get(path);
    if (loaded !== undefined) return loaded;
    const exports = {};
    copies.set(path, exports);
    const importFrom = (specifier: string): unknown =>
      specifier.startsWith('.')
        ? load(resolve(dirname(path), specifier.replace(/\.js$/, '.ts')))
        : createRequire(path)(specifier);
    compileFunction(toCommonJs(path), ['exports', 'require'])(exports, importFrom);
    return exports;
  };
  const folder = join(process.cwd(), 'lib/errors');
  // The files named here are those of the type.
  return {
    ...load(join(folder, 'wxpay-api-error.ts')),
    ...load(join(folder, 'wxpay-input-error.ts')),
  } as ErrorClasses;
}

function toCommonJs(path: string): string {
  const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  return outputText;
}
