import ts from "typescript-language-service";
import { boundIn, functionIn, Missing, printed, type Source, Unknown } from "./source.ts";

/** A function with all that it needs of its document and nothing else of it, as text that counts where it goes. */
export interface Program {
  readonly name: string;
  readonly text: string;
  /** The statements that calls should reach, by number. */
  readonly wanted: ReadonlyMap<number, string>;
  /** What it throws by itself. */
  readonly thrown: ReadonlySet<string>;
  /** Everything it is made of, without the counting. */
  readonly statements: readonly ts.Statement[];
}

/** What only computes. */
const computing = new Set(
  "Array Object String Number Boolean Math JSON Map Set WeakMap WeakSet Symbol BigInt RegExp Error TypeError RangeError SyntaxError EvalError ReferenceError URIError AggregateError parseInt parseFloat isNaN isFinite undefined NaN Infinity Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array ArrayBuffer DataView encodeURIComponent decodeURIComponent encodeURI decodeURI console arguments".split(
    " ",
  ),
);
/** What Node and browsers have beside that: it is there, and not for us. */
const elsewhere = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  ..."document window self location navigator localStorage sessionStorage alert XMLHttpRequest requestAnimationFrame require module exports".split(
    " ",
  ),
]);
/** Names that lead from a value to what makes code of text, or to who calls. */
const leading = /^(?:constructor|prototype|caller|callee|prepareStackTrace|captureStackTrace|__.*)$/;

/** Takes a function out of its document and the files it imports from. Throws {@link Unknown} where it may do more than compute. */
export function programOf(source: Source, name: string): Program {
  const wanted = new Map<number, string>();
  const { text, statements } = taken(source, [name], wanted, name, []);
  return { name, text, wanted, thrown: thrownIn(statements), statements };
}

interface Taken {
  readonly text: string;
  readonly statements: readonly ts.Statement[];
}

/** Some names of a source with all that they need, as text. `meant` is the function whose statements calls should reach. */
function taken(source: Source, names: readonly string[], wanted: Map<number, string>, meant: string, open: readonly Source[]): Taken {
  if (open.includes(source)) throw new Unknown("its files import each other");
  const { plain, declared, imported } = source;
  const needed = new Set<ts.Statement>();
  const foreign = new Map<Source, Map<string, string>>();
  const modules = new Map<string, Set<string>>();
  const waiting = [...names];
  const seen = new Set<string>();
  const bring = (used: string, found = originOf(source, used), as = used) => {
    if (found === undefined) throw new Unknown(`it uses ${used}`);
    if (changes(found.source, found.local)) throw new Unknown(`it uses ${used}, which changes`);
    const from = foreign.get(found.source) ?? new Map<string, string>();
    foreign.set(found.source, from.set(as, found.local));
  };
  /** Of a whole module what is read of it. */
  const bringMembers = (used: string, members: ReadonlySet<string> | undefined, specifier: string) => {
    const from = source.other(specifier);
    if (from === undefined || members === undefined) throw new Unknown(`it uses ${used}`);
    const known = modules.get(used) ?? new Set();
    for (const member of members) bring(member, exportOf(from, member, 0), behind(used, member));
    modules.set(used, new Set([...known, ...members]));
  };
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    if (seen.has(each)) continue;
    seen.add(each);
    for (const statement of declared.get(each) ?? []) {
      needed.add(statement);
      check(statement);
      const own = boundIn(statement);
      for (const [used, members] of usedIn(statement)) {
        if (declared.has(used)) waiting.push(used);
        if (declared.has(used) || own.has(used) || computing.has(used)) continue;
        const origin = imported.get(used);
        if (origin?.name === "*") bringMembers(used, members, origin.specifier);
        else if (origin !== undefined) bring(used);
        else if (elsewhere.has(used)) throw new Unknown(`it uses ${used}`);
        else if (open.length > 0) throw new Unknown(`it uses ${used}`);
        else throw new Missing(used);
      }
    }
  }
  // Each file has a scope of its own, as its names may be those of another.
  const others = [...foreign].map(([from, locals]) => {
    const inner = taken(from, [...locals.values()], wanted, "", [...open, source]);
    const pairs = [...locals].map(([used, local]) => `${local}: ${used}`).join(", ");
    const given = [...new Set(locals.values())].join(", ");
    return { text: `const { ${pairs} } = (() => {\n${inner.text}\nreturn { ${given} };\n})();`, statements: inner.statements };
  });
  const whole = [...modules].map(([used, members]) => {
    const given = [...members].map((member) => `${member}: ${behind(used, member)}`).join(", ");
    return `const ${used} = Object.freeze({ ${given} });`;
  });
  const own = plain.statements.filter((statement) => needed.has(statement));
  const written = own.map((statement) => printed(counted(statement, wanted, functionIn(statement)?.name === meant), plain));
  return {
    text: [...others.map(({ text }) => text), ...whole, ...written].join("\n"),
    statements: [...others.flatMap(({ statements }) => statements), ...own],
  };
}

/** The name of what stands behind that of a module, until it has its place there. */
function behind(used: string, member: string): string {
  return `__${used}_${member}`;
}

/** True for a name that may get another value after its first: others would not see that here. */
function changes({ declared }: Source, name: string): boolean {
  return (declared.get(name) ?? []).every(
    (each) => ts.isVariableStatement(each) && (each.declarationList.flags & ts.NodeFlags.Const) === 0,
  );
}

/** Where a name that a source imports is declared, through files that only pass it on. */
function originOf(source: Source, name: string, depth = 0): { readonly source: Source; readonly local: string } | undefined {
  const origin = source.imported.get(name);
  const from = origin === undefined ? undefined : source.other(origin.specifier);
  if (origin === undefined || from === undefined || depth > 8) return undefined;
  return exportOf(from, origin.name, depth);
}

function exportOf(from: Source, name: string, depth: number): ReturnType<typeof originOf> {
  const local = from.exported.get(name);
  if (local !== undefined) return from.declared.has(local) ? { source: from, local } : originOf(from, local, depth + 1);
  for (const specifier of depth > 8 ? [] : from.passedOn) {
    const next = from.other(specifier);
    const found = next === undefined ? undefined : exportOf(next, name, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Throws for code that may do more than compute, or whose result comes later. */
function check(node: ts.Node): void {
  const visit = (each: ts.Node) => {
    if (ts.isAwaitExpression(each) || each.kind === ts.SyntaxKind.AsyncKeyword) throw new Unknown("it waits for something");
    if (ts.isJsxElement(each) || ts.isJsxSelfClosingElement(each) || ts.isJsxFragment(each))
      throw new Unknown("it makes elements of a page");
    if (each.kind === ts.SyntaxKind.ImportKeyword || ts.isMetaProperty(each)) throw new Unknown("it imports while it runs");
    if (ts.isDebuggerStatement(each) || ts.isWithStatement(each) || ts.isDecorator(each))
      throw new Unknown("it has a statement that is not run here");
    if (each.kind === ts.SyntaxKind.ThisKeyword && !isInClass(each)) throw new Unknown("it uses this");
    const text = ts.isIdentifier(each) || ts.isStringLiteralLike(each) ? each.text : undefined;
    if (text !== undefined && leading.test(text)) throw new Unknown(`it uses ${text}`);
    ts.forEachChild(each, visit);
  };
  visit(node);
}

function isInClass(node: ts.Node): boolean {
  return ts.findAncestor(node, ts.isClassLike) !== undefined;
}

/** The names a statement reads that are no names of members, each with its members where nothing but these is read. */
function usedIn(statement: ts.Statement): ReadonlyMap<string, ReadonlySet<string> | undefined> {
  const found = new Map<string, ReadonlySet<string> | undefined>();
  const visit = (node: ts.Node) => {
    if (ts.isIdentifier(node)) {
      found.set(node.text, undefined);
      return;
    }
    if (ts.isPropertyAccessExpression(node)) {
      const { expression, name } = node;
      if (!ts.isIdentifier(expression)) return visit(expression);
      const known = found.has(expression.text) ? found.get(expression.text) : new Set<string>();
      found.set(expression.text, known && new Set([...known, name.text]));
      return;
    }
    if (ts.isLabeledStatement(node)) return visit(node.statement);
    if (ts.isBreakOrContinueStatement(node)) return;
    const member =
      ts.isPropertyAssignment(node) || ts.isMethodDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isAccessor(node)
        ? node.name
        : undefined;
    const inner = ts.isBindingElement(node) ? node.propertyName : undefined;
    ts.forEachChild(node, (child) => {
      if ((child === member || child === inner) && ts.isIdentifier(child)) return;
      visit(child);
    });
  };
  ts.forEachChild(statement, visit);
  return found;
}

function thrownIn(statements: readonly ts.Statement[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node) => {
    if (ts.isThrowStatement(node) && ts.isNewExpression(node.expression) && ts.isIdentifier(node.expression.expression))
      found.add(node.expression.expression.text);
    ts.forEachChild(node, visit);
  };
  for (const statement of statements) visit(statement);
  return found;
}

/** A statement of the outermost level without `export`, in whose functions each statement tells its number first. */
function counted(statement: ts.Statement, wanted: Map<number, string>, isMeant: boolean): ts.Statement {
  const { factory } = ts;
  let number = wanted.size + (isMeant ? 0 : 1_000_000);
  const call = (id: number) =>
    factory.createCallExpression(factory.createIdentifier("__at"), undefined, [factory.createNumericLiteral(id)]);
  const next = (node: ts.Node) => {
    number += 1;
    const isWay = ts.findAncestor(node, (each) => ts.isThrowStatement(each) || ts.isCatchClause(each)) === undefined;
    if (isMeant && isWay) wanted.set(number, node.getText().split("\n", 1)[0] ?? "");
    return number;
  };
  const transformer: ts.TransformerFactory<ts.Statement> = (context) => {
    const isCounted = (each: ts.Statement) => !ts.isFunctionDeclaration(each) && !ts.isClassDeclaration(each) && !ts.isEmptyStatement(each);
    const before = (each: ts.Statement): ts.Statement[] => {
      const made = isCounted(each) ? [factory.createExpressionStatement(call(next(each)))] : [];
      return [...made, ts.visitNode(each, visit) as ts.Statement];
    };
    const asBlock = (each: ts.Statement): ts.Statement =>
      ts.isBlock(each) ? (ts.visitNode(each, visit) as ts.Statement) : factory.createBlock(before(each));
    const visit = (node: ts.Node): ts.Node => {
      if (ts.isBlock(node)) return factory.updateBlock(node, node.statements.flatMap(before));
      if (ts.isCaseClause(node))
        return factory.updateCaseClause(node, ts.visitNode(node.expression, visit) as ts.Expression, node.statements.flatMap(before));
      if (ts.isDefaultClause(node)) return factory.updateDefaultClause(node, node.statements.flatMap(before));
      if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
        const id = next(node.body);
        const made = ts.visitEachChild(node, visit, context);
        const body = factory.createParenthesizedExpression(factory.createComma(call(id), made.body as ts.Expression));
        return factory.updateArrowFunction(made, made.modifiers, undefined, made.parameters, undefined, made.equalsGreaterThanToken, body);
      }
      if (ts.isIfStatement(node)) {
        const { expression, thenStatement, elseStatement } = node;
        const test = ts.visitNode(expression, visit) as ts.Expression;
        return factory.updateIfStatement(node, test, asBlock(thenStatement), elseStatement && asBlock(elseStatement));
      }
      if (ts.isIterationStatement(node, false)) {
        // One that does nothing goes on as well.
        const inner = asBlock(node.statement) as ts.Block;
        const body = inner.statements.length > 0 ? inner : factory.createBlock([factory.createExpressionStatement(call(0))]);
        return ts.visitEachChild(node, (child) => (child === node.statement ? body : visit(child)), context);
      }
      return ts.visitEachChild(node, visit, context);
    };
    return (root) => {
      const made = ts.visitNode(root, visit) as ts.Statement;
      const modifiers = ts.canHaveModifiers(made) ? ts.getModifiers(made) : undefined;
      const rest = modifiers?.filter(({ kind }) => kind !== ts.SyntaxKind.ExportKeyword && kind !== ts.SyntaxKind.DefaultKeyword);
      if (ts.isFunctionDeclaration(made))
        return factory.updateFunctionDeclaration(
          made,
          rest,
          made.asteriskToken,
          made.name,
          undefined,
          made.parameters,
          undefined,
          made.body,
        );
      if (ts.isVariableStatement(made)) return factory.updateVariableStatement(made, rest, made.declarationList);
      if (ts.isClassDeclaration(made))
        return factory.updateClassDeclaration(made, rest, made.name, undefined, made.heritageClauses, made.members);
      return made;
    };
  };
  return ts.transform(statement, [transformer]).transformed[0] as ts.Statement;
}
