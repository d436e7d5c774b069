import ts from "typescript-language-service";
import { type NamedFunction, Unknown } from "./source.ts";
import { kindOfType } from "./types.ts";
import { type Kind, valuesFor } from "./values.ts";

/** A kind of values for each parameter. */
export type Way = readonly Kind[];

/** Names of members that every list, text and the like has. */
const common = new Set(
  [
    Array.prototype,
    String.prototype,
    Number.prototype,
    Map.prototype,
    Set.prototype,
    RegExp.prototype,
    Object.prototype,
    Function.prototype,
  ].flatMap((each) => Object.getOwnPropertyNames(each)),
);

/** More members of one object are too many to try. */
const mostMembers = 4;
const mostWays = 400;

/**
 * The ways to call a function of which little may be known, the likeliest first. `files` may declare its types, its own first;
 * `statements` is all that it is made of.
 */
export function waysOf(written: NamedFunction, files: readonly ts.SourceFile[], statements: readonly ts.Node[]): readonly Way[] {
  const values = valuesFor(statements);
  const members = membersIn(statements);
  const plain = [values.number, values.word, values.numbers];
  const kindAt = (index: number) => plain[index % plain.length] ?? values.number;
  const object = (shift: number) => () => `{ ${members.map((name, index) => `${name}: ${kindAt(index + shift)()}`).join(", ")} }`;
  const objects = members.length === 0 ? [] : plain.map((_, shift) => object(shift));
  const untyped: readonly Kind[] = [
    ...objects,
    ...objects.map((kind) => values.list(kind)),
    values.number,
    values.numbers,
    values.word,
    values.list(values.word),
    values.small,
    values.counts,
    values.numeral,
    values.real,
    values.grid,
    values.pairs,
    values.table,
    values.truth,
    values.function("same"),
    values.function("number"),
    values.anything,
  ];
  const kinds = written.parameters.map((parameter): readonly Kind[] => {
    if (ts.isIdentifier(parameter.name) && parameter.name.text === "this") throw new Unknown("it uses this");
    const type = parameter.type ?? ts.getJSDocType(parameter);
    const known = kindOfType(parameter.dotDotDotToken && type && ts.isArrayTypeNode(type) ? type.elementType : type, values, files);
    const byDefault = known ?? kindOfDefault(parameter.initializer, values);
    const found =
      byDefault === undefined
        ? untyped
        : byDefault === values.number
          ? [byDefault, values.small, values.real]
          : byDefault === values.word
            ? [byDefault, values.numeral]
            : [byDefault];
    const optional =
      parameter.questionToken !== undefined ||
      parameter.initializer !== undefined ||
      ts.getJSDocParameterTags(parameter).some(({ isBracketed }) => isBracketed);
    if (parameter.dotDotDotToken) return found.map((kind) => () => `...${values.list(kind)()}`);
    return optional ? found.map((kind) => values.either([kind, kind, () => "undefined"])) : found;
  });
  return combined(kinds).map((chosen) => chosen.map((index, place) => kinds[place]?.[index] as Kind));
}

function kindOfDefault(initializer: ts.Expression | undefined, values: ReturnType<typeof valuesFor>): Kind | undefined {
  if (initializer === undefined) return undefined;
  if (ts.isNumericLiteral(initializer)) return values.number;
  if (ts.isStringLiteralLike(initializer)) return values.word;
  if (initializer.kind === ts.SyntaxKind.TrueKeyword || initializer.kind === ts.SyntaxKind.FalseKeyword) return values.truth;
  return undefined;
}

/** Names of members that code asks of what it is given. */
function membersIn(statements: readonly ts.Node[]): readonly string[] {
  const found = new Set<string>();
  const globals = new Set(["Math", "Number", "Object", "Array", "JSON", "String", "console"]);
  const visit = (node: ts.Node) => {
    if (ts.isPropertyAccessExpression(node) && !(ts.isIdentifier(node.expression) && globals.has(node.expression.text)))
      found.add(node.name.text);
    if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) found.add((node.propertyName ?? node.name).getText());
    ts.forEachChild(node, visit);
  };
  for (const statement of statements) visit(statement);
  return [...found].filter((name) => !common.has(name) && /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)).slice(0, mostMembers);
}

/** Places in lists, one of each, those with small sums first. */
function combined(lists: readonly (readonly unknown[])[]): readonly (readonly number[])[] {
  let all: readonly (readonly number[])[] = [[]];
  for (const list of lists) {
    all = all
      .flatMap((chosen) => list.map((_, index) => [...chosen, index]))
      .sort((a, b) => total(a) - total(b))
      .slice(0, mostWays);
  }
  return all;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
