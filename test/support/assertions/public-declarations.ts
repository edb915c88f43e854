import ts from 'typescript';

/** The public declarations of lib, as its sources write them. */
export interface PublicDeclarations {
  readonly checker: ts.TypeChecker;
  /** What an entry exports, aliases resolved. */
  readonly exportsOf: (entry: string) => readonly ts.Symbol[];
  /** The types of lib that the signatures of a symbol name; what is private or internal does not count. */
  readonly typesNamedBy: (symbol: ts.Symbol) => readonly ts.Symbol[];
}

/**
 * Reads the sources of lib that the entries lead to, and nothing of other packages, which would take half a minute.
 *
 * @param entries source files below lib, such as `config/index.ts`
 */
export function readPublicDeclarations(entries: readonly string[]): PublicDeclarations {
  const options = { lib: ['lib.es5.d.ts'], types: [], target: ts.ScriptTarget.ES2022 };
  const files = entries.map((entry) => ts.sys.resolvePath(`lib/${entry}`));
  const program = ts.createProgram(files, options, hostOfRelativeImports(options));
  const checker = program.getTypeChecker();
  const resolve = (symbol: ts.Symbol): ts.Symbol =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return {
    checker,
    exportsOf(entry) {
      const file = program.getSourceFile(ts.sys.resolvePath(`lib/${entry}`));
      const module = file && checker.getSymbolAtLocation(file);
      if (module === undefined) throw new Error(`lib/${entry} is no entry.`);
      return checker.getExportsOfModule(module).map(resolve);
    },
    typesNamedBy(symbol) {
      return (symbol.declarations ?? [])
        .flatMap((declaration) => referencesIn(declaration))
        .map((name) => checker.getSymbolAtLocation(name))
        .filter((named) => named !== undefined)
        .map(resolve)
        .filter(({ flags }) => (flags & NAMED_TYPE) !== 0)
        .filter(({ declarations = [] }) => declarations.some((each) => isOwn(each.getSourceFile())));
    },
  };
}

const isOwn = ({ fileName }: ts.SourceFile): boolean => fileName.startsWith(ts.sys.resolvePath('lib'));
const NAMED_TYPE =
  ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias | ts.SymbolFlags.Enum;

function hostOfRelativeImports(options: ts.CompilerOptions): ts.CompilerHost {
  return {
    ...ts.createCompilerHost(options),
    resolveModuleNames: (specifiers, from) =>
      specifiers.map((specifier) =>
        specifier.startsWith('.')
          ? {
              resolvedFileName: ts.sys.resolvePath(
                `${from.slice(0, from.lastIndexOf('/'))}/${specifier.replace(/\.js$/, '.ts')}`,
              ),
            }
          : undefined,
      ),
  };
}

function referencesIn(node: ts.Node): readonly ts.Identifier[] {
  if (isHidden(node)) return [];
  const own = ts.isIdentifier(node) && isTypeName(node) ? [node] : [];
  const found: ts.Identifier[] = [...own];
  ts.forEachChild(node, (child) => void found.push(...referencesIn(child)));
  return found;
}

/** Bodies, values, and members that are not for users. */
function isHidden(node: ts.Node): boolean {
  const { parent } = node as {
    readonly parent?: ts.Node & { readonly body?: ts.Node; readonly initializer?: ts.Node };
  };
  if (parent?.body === node || parent?.initializer === node || ts.isDecorator(node)) return true;
  if (ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal')) return true;
  const isPrivate =
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) === true;
  return (
    isPrivate || (ts.isClassElement(node) && node.name !== undefined && ts.isPrivateIdentifier(node.name))
  );
}

function isTypeName({ parent }: ts.Identifier): boolean {
  return (
    ts.isTypeReferenceNode(parent) || ts.isExpressionWithTypeArguments(parent) || ts.isTypeQueryNode(parent)
  );
}
