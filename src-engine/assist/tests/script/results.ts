import ts from "typescript-language-service";
import { written } from "./literals.ts";

/** What a test expects of the code, and where that stands. */
interface Expectation {
  /** The whole comparison. */
  readonly whole: ts.CallExpression;
  readonly given: ts.Expression;
  readonly wanted: ts.Expression;
  /** The name of what compares, and the one that compares what is in lists and objects, where it does not. */
  readonly matcher: ts.Identifier;
  readonly deep?: string;
}

/** Tests in which what the code gives is told in the place of being compared, so that one comparison does not end its test before the next. */
export interface WatchedTests {
  readonly text: string;
  /** Name of the function that tells it, with the number of a comparison and what was given. */
  readonly told: string;
  /** The tests with what the code gave, where it gave one thing that can be written out and is not what they expected. */
  corrected(given: ReadonlyMap<number, ReadonlySet<string>>): string;
}

const deepOf: Readonly<Record<string, string>> = { toBe: "toEqual", equal: "deepEqual", strictEqual: "deepStrictEqual" };
const matchers = new Set(["toBe", "toEqual", "toStrictEqual"]);
const assertions = new Set(["equal", "strictEqual", "deepEqual", "deepStrictEqual"]);

/** Finds what tests expect of the subject, as results that are written out. */
export function watchTests(fileName: string, text: string, subject: string): WatchedTests {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.ESNext, true);
  const found: Expectation[] = [];
  const visit = (node: ts.Node): void => {
    const expectation = ts.isCallExpression(node) ? expectationIn(node) : undefined;
    if (expectation && calls(expectation.given, subject) && written(resultOf(expectation.wanted)) !== undefined) found.push(expectation);
    else ts.forEachChild(node, visit);
  };
  visit(file);
  const told = "__given";
  const watched = found.map(({ whole, given }, number) => ({
    start: whole.getStart(),
    end: whole.end,
    text: `${told}(${number}, ${given.getText()})`,
  }));
  return {
    text: edited(text, watched),
    told,
    corrected(all) {
      const edits = found.flatMap(({ wanted, matcher, deep }, number) => {
        const [value, ...more] = all.get(number) ?? [];
        if (!value || more.length > 0) return [];
        const result = resultOf(wanted);
        // Two lists are never the same to `toBe`.
        const isList = deep !== undefined && /^[[{]/.test(value);
        return [
          ...(value === written(result) ? [] : [{ start: result.getStart(), end: result.end, text: value }]),
          ...(isList ? [{ start: matcher.getStart(), end: matcher.end, text: deep }] : []),
        ];
      });
      return edited(text, edits);
    },
  };

  /** A name that is given once and read here alone stands for its value. */
  function resultOf(wanted: ts.Expression): ts.Expression {
    if (!ts.isIdentifier(wanted)) return wanted;
    const named: ts.Identifier[] = [];
    const look = (node: ts.Node): void => {
      if (ts.isIdentifier(node) && node.text === wanted.text) named.push(node);
      ts.forEachChild(node, look);
    };
    look(ts.findAncestor(wanted, ts.isBlock) ?? file);
    const declaration = named.map(({ parent }) => parent).find(ts.isVariableDeclaration);
    return named.length === 2 && declaration?.initializer ? declaration.initializer : wanted;
  }
}

function expectationIn(node: ts.CallExpression): Expectation | undefined {
  const { expression } = node;
  const [first, second] = node.arguments;
  const matcher = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  if (!ts.isIdentifier(matcher)) return undefined;
  const deep = deepOf[matcher.text];
  const found = { whole: node, matcher, ...(deep !== undefined && { deep }) };
  if (ts.isPropertyAccessExpression(expression) && matchers.has(matcher.text)) {
    const inner = expression.expression;
    const isPlain = ts.isCallExpression(inner) && ts.isIdentifier(inner.expression) && inner.expression.text === "expect";
    const given = isPlain ? inner.arguments[0] : undefined;
    return given && first ? { ...found, given, wanted: first } : undefined;
  }
  return assertions.has(matcher.text) && first && second ? { ...found, given: first, wanted: second } : undefined;
}

function calls(node: ts.Node, subject: string): boolean {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === subject) return true;
  return ts.forEachChild(node, (child) => calls(child, subject) || undefined) ?? false;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function edited(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((one, other) => other.start - one.start)
    .reduce((made, { start, end, text: other }) => made.slice(0, start) + other + made.slice(end), text);
}
