import ts from "typescript-language-service";
import { bestWays, given, givenByTurns, limited, mostSteps } from "../../compare/javascript/best-ways.ts";
import { callAll, type Outcome } from "../../compare/javascript/calls.ts";
import { waysOf } from "../../compare/javascript/inputs.ts";
import { mistakenTexts } from "../../compare/javascript/mistakes.ts";
import { type Program, programOf } from "../../compare/javascript/program.ts";
import { functionsOf, type NamedFunction, readSource, type Source, Unknown } from "../../compare/javascript/source.ts";
import { sourcesOf, typeFilesOf } from "../../compare/javascript/sources.ts";
import type { Neighbours } from "../../compare/neighbours.ts";
import type { FoundResult } from "../further-results.ts";
import { literalOf, writtenValue } from "./literals.ts";
import { createVariations, isLike, type Spoken, type Value } from "./variations.ts";

/** A function, and the tests of it that there are. */
export interface TestedFunction {
  readonly text: string;
  readonly languageId: string;
  readonly name: string;
  readonly tests: string;
  readonly neighbours: Neighbours;
}

const mostMistakes = 60;
const mostCalls = 150;
const mostFound = 4;
/** Characters of all arguments, and of a result. */
const longest = 60;

interface Call {
  readonly arguments: string;
  readonly result: string;
  readonly outcome: Outcome;
}

/**
 * Finds calls of a function in JavaScript or TypeScript whose results tell it from the same function with a small mistake in it, where those
 * that tests make already do not: the fewest, and of those as good the shortest. Throws {@link Unknown} where it may do more than compute.
 */
export function furtherCalls({ text, languageId, name, tests, neighbours }: TestedFunction): readonly FoundResult[] {
  const source = readSource(text, languageId, sourcesOf(neighbours));
  const program = programOf(source, name);
  const asked = callsIn(tests, name);
  const known = callsOf(program, asked.map(writtenArguments));
  const found = callsOf(program, argumentsFor(source, program, name, asked)).toSorted(
    (one, other) => one.arguments.length - other.arguments.length,
  );
  const wrong = mistakenTexts(source, name, mostMistakes).map((each) => programOf(readSource(each, "javascript", source.other), name));
  const all = [...known, ...found];
  const seen = new Map<Call, Set<number>>(all.map((call) => [call, new Set()]));
  for (const [number, each] of wrong.entries()) for (const call of telling(each, all)) seen.get(call)?.add(number);
  const noticed = new Set(known.flatMap((call) => [...(seen.get(call) ?? [])]));
  const chosen: FoundResult[] = [];
  while (chosen.length < mostFound) {
    const more = (call: Call) => [...(seen.get(call) ?? [])].filter((number) => !noticed.has(number)).length;
    const best = found.reduce<Call | undefined>((one, other) => (one === undefined || more(other) > more(one) ? other : one), undefined);
    if (best === undefined || more(best) === 0) break;
    for (const number of seen.get(best) ?? []) noticed.add(number);
    chosen.push({ call: `${name}(${best.arguments})`, result: best.result });
  }
  return chosen;
}

/** Arguments like those of the tests, else of the kind with which most of the code is reached. */
function argumentsFor(source: Source, program: Program, name: string, asked: readonly (readonly Value[])[]): readonly string[] {
  const written = functionsOf(source.written).get(name);
  if (written === undefined) throw new Unknown("it is declared in its own way");
  const ways = waysOf(written, [source.written, ...typeFilesOf(source)], program.statements);
  if (asked.length === 0) return givenByTurns(bestWays(program, ways).slice(0, 1), mostCalls);
  const like = (text: string) => {
    const values = readArguments(text);
    return (
      values !== undefined &&
      asked.some((each) => each.length === values.length && values.every((value, place) => isLike(value, each[place])))
    );
  };
  const made = givenByTurns(ways.filter((way) => like(given(way))).slice(0, 3), mostCalls).filter(like);
  const vary = createVariations(asked, { ...constantsIn(program.statements), head: headOf(written) });
  return [...made, ...Array.from({ length: mostCalls }, () => writtenArguments(vary()))];
}

/** Numbers and texts of code, where they are of a size that one would write. */
function constantsIn(statements: readonly ts.Statement[]): Omit<Spoken, "head"> {
  const [numbers, words] = [new Set<number>(), new Set<string>()];
  const visit = (node: ts.Node): void => {
    if (ts.isNumericLiteral(node) && Number(node.text) < 10_000) numbers.add(Number(node.text));
    if (ts.isStringLiteralLike(node) && node.text.length < 20) words.add(node.text);
    ts.forEachChild(node, visit);
  };
  for (const statement of statements) visit(statement);
  return { numbers: [...numbers], words: [...words] };
}

/** All of a function up to its body, with the comment before it. */
function headOf(written: NamedFunction): string {
  const statement = ts.findAncestor(written, ts.isStatement) ?? written;
  return statement.getSourceFile().text.slice(statement.getFullStart(), written.body?.getStart());
}

/** Calls whose arguments and results can be written out, each once. */
function callsOf(program: Program, all: readonly string[]): readonly Call[] {
  const texts = [...new Set(all.map((text) => text.replace(/(?:(?:^|, )undefined)+$/, "")))].filter((text) => text.length <= longest);
  const { outcomes } = callAll(program, limited(texts));
  return texts.flatMap((text, index) => {
    const outcome = outcomes[index];
    const values = readArguments(text);
    const result = outcome?.how === "gave" ? readArguments(outcome.shown) : undefined;
    const shown = result?.length === 1 ? writtenValue(result[0], longest) : undefined;
    return outcome === undefined || values === undefined || shown === undefined ? [] : [{ arguments: text, result: shown, outcome }];
  });
}

/** The calls that a program with a mistake answers otherwise. */
function telling(program: Program, calls: readonly Call[]): readonly Call[] {
  try {
    const limits = calls.map(({ arguments: text, outcome }) => ({ given: text, most: Math.max(mostSteps, outcome.steps * 50) }));
    const { outcomes } = callAll(program, limits);
    return calls.filter(({ outcome }, index) => outcomes[index]?.how !== "gave" || outcomes[index].shown !== outcome.shown);
  } catch (reason) {
    // It never ends: whatever calls it notices that.
    if (reason instanceof Unknown) return calls;
    throw reason;
  }
}

/** The arguments with which tests call a function, where they are written out. */
function callsIn(tests: string, name: string): readonly (readonly Value[])[] {
  const found: (readonly Value[])[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name) {
      const values = valuesOf(node.arguments);
      if (values !== undefined) found.push(values);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("tests.tsx", tests, ts.ScriptTarget.ESNext, true));
  return found;
}

/** The values of a list of expressions; undefined where one is not written out. */
function readArguments(text: string): readonly Value[] | undefined {
  const file = ts.createSourceFile("call.ts", `given(${text})`, ts.ScriptTarget.ESNext, true);
  const [statement, ...more] = file.statements;
  const call = statement && ts.isExpressionStatement(statement) && more.length === 0 ? statement.expression : undefined;
  return call && ts.isCallExpression(call) ? valuesOf(call.arguments) : undefined;
}

function valuesOf(nodes: readonly ts.Expression[]): readonly Value[] | undefined {
  try {
    return nodes.map(literalOf);
  } catch {
    return undefined;
  }
}

function writtenArguments(values: readonly Value[]): string {
  return values.map((each) => writtenValue(each, Number.POSITIVE_INFINITY) ?? "undefined").join(", ");
}
