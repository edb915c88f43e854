import ts from 'typescript';

/**
 * Lists the optional members, in what a symbol of the public API takes, that do not take `undefined`: with
 * `exactOptionalPropertyTypes` an app cannot pass a value that it may not have.
 *
 * @param results names of types that the package returns; an app passes them on as they are
 */
export function membersWithoutUndefined(
  checker: ts.TypeChecker,
  symbol: ts.Symbol,
  results: readonly string[],
): readonly string[] {
  const found = new Set<string>();
  const seen = new Set<ts.Type>();

  function look(type: ts.Type): void {
    const name = type.aliasSymbol?.name ?? type.symbol?.name ?? '';
    if (seen.has(type) || results.includes(name)) return;
    seen.add(type);
    if (type.isUnionOrIntersection()) return type.types.forEach(look);
    for (const member of checker.getPropertiesOfType(type)) {
      const [declaration] = member.declarations ?? [];
      if (declaration === undefined || !isData(declaration)) continue;
      const owner = ownerOf(declaration);
      if (results.includes(owner)) continue;
      const { questionToken, type: written } = declaration;
      if (questionToken !== undefined && written !== undefined && !takesUndefined(written)) {
        found.add(`${owner}.${member.name}`);
      }
      look(checker.getTypeOfSymbol(member));
    }
    const element = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    if (element !== undefined) look(element);
  }

  for (const declaration of symbol.declarations ?? []) {
    for (const parameter of parametersIn(declaration)) look(checker.getTypeAtLocation(parameter));
  }
  return [...found];
}

/** Parameters of a function, or of the constructor and the public methods of a class. */
function parametersIn(declaration: ts.Declaration): readonly ts.ParameterDeclaration[] {
  if (ts.isFunctionDeclaration(declaration)) return [...declaration.parameters];
  if (!ts.isClassDeclaration(declaration)) return [];
  return declaration.members
    .filter((member) => ts.isMethodDeclaration(member) || ts.isConstructorDeclaration(member))
    .filter((member) => !isHidden(member))
    .flatMap((member) => [...member.parameters]);
}

function isHidden(member: ts.MethodDeclaration | ts.ConstructorDeclaration): boolean {
  const isPrivate = member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) === true;
  const isInternal = ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal');
  return isPrivate || isInternal || (member.name !== undefined && ts.isPrivateIdentifier(member.name));
}

function isData(declaration: ts.Declaration): declaration is ts.PropertySignature | ts.PropertyDeclaration {
  const isMember = ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration);
  return isMember && !ts.isPrivateIdentifier(declaration.name);
}

function takesUndefined(type: ts.TypeNode): boolean {
  const kinds = ts.isUnionTypeNode(type) ? type.types.map(({ kind }) => kind) : [type.kind];
  return kinds.some((kind) => TAKING_UNDEFINED.includes(kind));
}

const TAKING_UNDEFINED: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.UndefinedKeyword,
  ts.SyntaxKind.UnknownKeyword,
  ts.SyntaxKind.NeverKeyword,
];

function ownerOf({ parent }: ts.Declaration): string {
  const { name } = parent as { readonly name?: ts.Identifier };
  return name?.text ?? '{}';
}
