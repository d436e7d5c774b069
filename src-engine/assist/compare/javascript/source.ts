import ts from "typescript-language-service";

/** Why nothing can be said of two functions. */
export class Unknown extends Error {}

/** A name that is declared nowhere. */
export class Missing extends Unknown {
  readonly missing: string;
  constructor(missing: string) {
    super(`it uses ${missing}`);
    this.missing = missing;
  }
}

/** A function that has a name at the outermost level of a document. */
export type NamedFunction = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression;

/** A document as it is written, and as JavaScript without types and comments. */
export interface Source {
  readonly written: ts.SourceFile;
  readonly plain: ts.SourceFile;
  /** What the plain text declares at its outermost level, by name. */
  readonly declared: ReadonlyMap<string, readonly ts.Statement[]>;
  /** Names that come from other files, and from which. */
  readonly imported: ReadonlyMap<string, Origin>;
  /** Under which name what it exports is declared or imported there. */
  readonly exported: ReadonlyMap<string, string>;
  /** The files of which it exports everything. */
  readonly passedOn: readonly string[];
  /** Another file of the project, as it is named here; undefined where it is not at hand. */
  other(specifier: string): Source | undefined;
}

/** Where a name comes from. */
export interface Origin {
  readonly specifier: string;
  /** Its name there; `*` for all of it. */
  readonly name: string;
}

const extensions: Readonly<Record<string, string>> = { javascript: "js", javascriptreact: "jsx", typescript: "ts", typescriptreact: "tsx" };
const printer = ts.createPrinter({ removeComments: true });

/** Reads a document. */
export function readSource(text: string, languageId: string, other: Source["other"] = () => undefined): Source {
  const fileName = `document.${extensions[languageId] ?? "ts"}`;
  const written = ts.createSourceFile(fileName, text, ts.ScriptTarget.ESNext, true);
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    jsx: ts.JsxEmit.Preserve,
    removeComments: true,
    allowJs: true,
  };
  const { outputText } = ts.transpileModule(text, { fileName, compilerOptions });
  const plain = ts.createSourceFile(fileName.endsWith("x") ? "document.jsx" : "document.js", outputText, ts.ScriptTarget.ESNext, true);
  const declared = new Map<string, ts.Statement[]>();
  const imported = new Map<string, Origin>();
  const exported = new Map<string, string>();
  const passedOn: string[] = [];
  const add = (name: string | undefined, statement: ts.Statement) => {
    if (name !== undefined) declared.set(name, [...(declared.get(name) ?? []), statement]);
  };
  for (const statement of plain.statements) {
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) add(statement.name?.text, statement);
    else if (ts.isVariableStatement(statement)) for (const name of boundIn(statement.declarationList)) add(name, statement);
    else if (ts.isImportDeclaration(statement)) for (const [name, origin] of originsIn(statement)) imported.set(name, origin);
    else if (ts.isExportDeclaration(statement)) passOn(statement);
    else add(filledEnumeration(statement), statement);
    for (const name of exportedBy(statement)) exported.set(name === "" ? "default" : name, name === "" ? defaultName(statement) : name);
  }
  return { written, plain, declared, imported, exported, passedOn, other };

  function passOn({ moduleSpecifier, exportClause }: ts.ExportDeclaration): void {
    const specifier = moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined;
    if (specifier !== undefined && exportClause === undefined) passedOn.push(specifier);
    if (exportClause === undefined || !ts.isNamedExports(exportClause)) return;
    for (const { name, propertyName } of exportClause.elements) {
      const inner = (propertyName ?? name).text;
      // No name of code has a blank in it.
      const local = specifier === undefined ? inner : `export ${name.text}`;
      if (specifier !== undefined) imported.set(local, { specifier, name: inner });
      exported.set(name.text, local);
    }
  }
}

/** The names that an import gives to what comes from elsewhere. */
function originsIn({ importClause, moduleSpecifier }: ts.ImportDeclaration): readonly (readonly [string, Origin])[] {
  if (importClause === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
  const specifier = moduleSpecifier.text;
  const { name, namedBindings } = importClause;
  const own = name === undefined ? [] : [[name.text, { specifier, name: "default" }] as const];
  if (namedBindings === undefined) return own;
  if (ts.isNamespaceImport(namedBindings)) return [...own, [namedBindings.name.text, { specifier, name: "*" }]];
  return [
    ...own,
    ...namedBindings.elements.map((each) => [each.name.text, { specifier, name: (each.propertyName ?? each.name).text }] as const),
  ];
}

/** The names that a statement declares and exports; empty text for what is exported as `default`. */
function exportedBy(statement: ts.Statement): readonly string[] {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  const has = (kind: ts.SyntaxKind) => modifiers.some((each) => each.kind === kind);
  if (!has(ts.SyntaxKind.ExportKeyword)) return [];
  if (has(ts.SyntaxKind.DefaultKeyword)) return [""];
  if (ts.isVariableStatement(statement)) return [...boundIn(statement.declarationList)];
  return [defaultName(statement)].filter(Boolean);
}

function defaultName(statement: ts.Statement): string {
  return ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) ? (statement.name?.text ?? "") : "";
}

/** The name of an enumeration that a statement fills, as TypeScript writes it: `(function (E) { … })(E || (E = {}))`. */
function filledEnumeration(statement: ts.Statement): string | undefined {
  if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return undefined;
  return /^\(function \((\w+)\) \{[\s\S]*\}\)\(\1 \|\| \(\1 = \{\}\)\);?$/.exec(statement.getText())?.[1];
}

/** The function that a statement declares, if it declares nothing else. */
export function functionIn(statement: ts.Statement): { readonly name: string; readonly node: NamedFunction } | undefined {
  if (ts.isFunctionDeclaration(statement) && statement.name && statement.body) return { name: statement.name.text, node: statement };
  if (!ts.isVariableStatement(statement) || statement.declarationList.declarations.length !== 1) return undefined;
  const [declaration] = statement.declarationList.declarations;
  const value = declaration?.initializer;
  if (declaration === undefined || value === undefined || !ts.isIdentifier(declaration.name)) return undefined;
  return ts.isArrowFunction(value) || ts.isFunctionExpression(value) ? { name: declaration.name.text, node: value } : undefined;
}

/** The functions of a document's outermost level, by name. */
export function functionsOf(file: ts.SourceFile): ReadonlyMap<string, NamedFunction> {
  return new Map(
    file.statements.flatMap((statement) => {
      const found = functionIn(statement);
      return found ? [[found.name, found.node] as const] : [];
    }),
  );
}

/** Names to which code gives a value by itself. */
export function boundIn(node: ts.Node): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (each: ts.Node) => {
    const name = (each as { readonly name?: ts.Node }).name;
    const declares =
      ts.isVariableDeclaration(each) ||
      ts.isParameter(each) ||
      ts.isBindingElement(each) ||
      ts.isFunctionDeclaration(each) ||
      ts.isFunctionExpression(each) ||
      ts.isClassLike(each) ||
      ts.isImportClause(each) ||
      ts.isImportSpecifier(each) ||
      ts.isNamespaceImport(each);
    if (declares && name && ts.isIdentifier(name)) found.add(name.text);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return found;
}

/** A node as text, always in the same layout. */
export function printed(node: ts.Node, file: ts.SourceFile): string {
  return printer.printNode(ts.EmitHint.Unspecified, node, file);
}
