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
  /** Names that come from other files. */
  readonly imported: ReadonlySet<string>;
}

const extensions: Readonly<Record<string, string>> = { javascript: "js", javascriptreact: "jsx", typescript: "ts", typescriptreact: "tsx" };
const printer = ts.createPrinter({ removeComments: true });

/** Reads a document. */
export function readSource(text: string, languageId: string): Source {
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
  const imported = new Set<string>();
  const add = (name: string | undefined, statement: ts.Statement) => {
    if (name !== undefined) declared.set(name, [...(declared.get(name) ?? []), statement]);
  };
  for (const statement of plain.statements) {
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) add(statement.name?.text, statement);
    else if (ts.isVariableStatement(statement)) for (const name of boundIn(statement.declarationList)) add(name, statement);
    else if (ts.isImportDeclaration(statement)) for (const name of boundIn(statement)) imported.add(name);
    else add(filledEnumeration(statement), statement);
  }
  return { written, plain, declared, imported };
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
