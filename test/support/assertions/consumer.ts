import ts from 'typescript';

/** Declarations of this package as npm would install them: text by path. */
export type Declarations = ReadonlyMap<string, string>;

/** A file of an app that imports this package, and its surroundings. */
export interface Consumer {
  readonly code: string;
  /** Packages that are not installed. */
  readonly without: readonly string[];
}

const ROOT = ts.sys.getCurrentDirectory();
const DIST = `${ROOT}/dist/`;
/** In the root of this package, so that TypeScript resolves the name of the package by its own exports. */
const CONSUMER = `${ROOT}/consumer.ts`;
/** The strictest that an app may set, for its own file and for the declarations of packages. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
};
/** Parsed files of other packages: the same for every consumer. */
const parsed = new Map<string, ts.SourceFile>();

/** Emits the declarations of this package's entries, without a build on the disk. */
export function emitDeclarations(entries: readonly string[]): Declarations {
  const { config } = ts.readConfigFile('tsconfig.build.json', (path) => ts.sys.readFile(path)) as {
    readonly config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const program = ts.createProgram(
    entries.map((entry) => `${ROOT}/lib/${entry}`),
    { ...options, emitDeclarationOnly: true, declarationMap: false, noEmitOnError: false, noCheck: true },
  );
  const declarations = new Map<string, string>();
  program.emit(undefined, (path, text) => void declarations.set(path, text), undefined, true);
  return declarations;
}

/**
 * Compiles a consumer, and checks it and every declaration of this package that it leads to.
 *
 * @returns what TypeScript reports, each as `file: message`
 */
export function compile({ code, without }: Consumer, declarations: Declarations): readonly string[] {
  const own = new Map([...declarations, [CONSUMER, code]]);
  const program = ts.createProgram([CONSUMER], OPTIONS, hostOf(own, without));
  const checked = program.getSourceFiles().filter(({ fileName }) => own.has(fileName));
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...checked.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ].map(describe);
}

function describe({ file, messageText }: ts.Diagnostic): string {
  const path = file?.fileName.slice(ROOT.length + 1) ?? 'options';
  return `${path}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}

/** A host in which the own files are those given, and packages are missing. */
function hostOf(own: Declarations, without: readonly string[]): ts.CompilerHost {
  const isMissing = (path: string): boolean =>
    without.some((name) => `${path}/`.includes(`/node_modules/${name}/`));
  const isThere = (path: string): boolean => !isMissing(path) && !path.startsWith(DIST);
  const readFile = (path: string): string | undefined =>
    own.get(path) ?? (isThere(path) ? ts.sys.readFile(path) : undefined);
  return {
    ...ts.createCompilerHost(OPTIONS),
    fileExists: (path) => own.has(path) || (isThere(path) && ts.sys.fileExists(path)),
    directoryExists: (path) =>
      !isMissing(path) && (`${path}/`.startsWith(DIST) || ts.sys.directoryExists(path)),
    readFile,
    getSourceFile(path, options) {
      const known = own.has(path) ? undefined : parsed.get(path);
      if (known !== undefined) return known;
      const text = readFile(path);
      if (text === undefined) return undefined;
      const file = ts.createSourceFile(path, text, options);
      if (!own.has(path)) parsed.set(path, file);
      return file;
    },
  };
}
