import ts from "typescript-language-service";
import type { Neighbours } from "../neighbours.ts";
import type { Verdict } from "../verdict.ts";
import { bestWays, givenByTurns, limited, mostSteps } from "./best-ways.ts";
import { type Calls, callAll, type Outcome } from "./calls.ts";
import { waysOf } from "./inputs.ts";
import { mistakenTexts } from "./mistakes.ts";
import { type Program, programOf } from "./program.ts";
import { functionIn, functionsOf, Missing, printed, readSource, type Source, Unknown } from "./source.ts";
import { sourcesOf, typeFilesOf } from "./sources.ts";

const rounds = 300;
/** Calls that ended well, below which nothing is said. */
const least = 12;
/** As many steps more the changed function may take. */
const slower = 50;
const mostMistakes = 6;

/** Says of a document whether the functions of its outermost level do what they did; what is found of a function is kept for the next text. */
export function createJudge(original: string, languageId: string, neighbours: Neighbours): (text: string) => Verdict {
  const others = sourcesOf(neighbours);
  const before = readSource(original, languageId, others);
  const known = new Map<string, Known>();

  function knownOf(name: string): Known {
    const found = known.get(name) ?? look(before, name);
    known.set(name, found);
    return found;
  }

  return (text) => {
    try {
      const after = readSource(text, languageId, others);
      let count = 0;
      for (const name of changedIn(before, after)) {
        const verdict = compare(knownOf(name), after, name);
        if (verdict.verdict !== "same") return verdict;
        count += verdict.count;
      }
      return { verdict: "same", count };
    } catch (reason) {
      if (reason instanceof Unknown) return { verdict: "unknown", why: reason.message };
      return { verdict: "unknown", why: "it could not be read" };
    }
  };
}

/** A function as it was, and how to call it. */
interface Known {
  readonly program: Program;
  readonly parameters: string;
  readonly calls: readonly string[];
  readonly outcomes: readonly Outcome[];
  readonly missing: string | undefined;
  readonly wrong: readonly Program[];
}

function look(source: Source, name: string): Known {
  const program = programOf(source, name);
  const written = functionsOf(source.written).get(name);
  const plain = functionsOf(source.plain).get(name);
  if (written === undefined || plain === undefined) throw new Unknown("it is declared in its own way");
  const isAlone = written.parameters.length === 0;
  const ways = isAlone ? [[]] : bestWays(program, waysOf(written, [source.written, ...typeFilesOf(source)], program.statements));
  if (ways.length === 0) throw new Unknown(`no arguments were found that ${name} takes`);
  const calls = givenByTurns(ways, isAlone ? 1 : rounds);
  const { outcomes, reached } = callAll(program, limited(calls));
  const again = callAll(program, limited(calls.slice(0, 10)));
  const sure = outcomes.slice(0, 10).every(({ value }, index) => again.outcomes[index]?.value === value);
  if (!sure) throw new Unknown("it does not do the same twice");
  if (outcomes.filter(({ how }) => how === "gave").length < (isAlone ? 1 : least))
    throw new Unknown(`too few arguments were found that ${name} takes`);
  const missing = [...program.wanted].find(([number]) => !reached.has(number))?.[1];
  return { program, parameters: parametersOf(source, name), calls, outcomes, missing, wrong: isAlone ? [] : mistakes(source, name) };
}

function compare({ program, parameters, calls, outcomes, missing, wrong }: Known, after: Source, name: string): Verdict {
  if (parameters !== parametersOf(after, name)) return { verdict: "different", why: `The parameters of ${name} are not the same.` };
  let changed: Program;
  try {
    changed = programOf(after, name);
  } catch (reason) {
    if (reason instanceof Missing) return { verdict: "different", why: `There is no “${reason.missing}” that ${name} could use.` };
    throw reason;
  }
  const useful = calls.flatMap((call, index) => {
    const was = outcomes[index];
    return was === undefined || was.how === "late" ? [] : [{ call, was }];
  });
  const now = runWith(changed, useful);
  for (const [index, { call, was }] of useful.entries()) {
    const is = now.outcomes[index];
    if (is === undefined || !isSame(was, is, program)) return different(name, call, was, is);
  }
  if (missing !== undefined) throw new Unknown(`no arguments were found that reach “${missing.slice(0, 60)}”`);
  if (!notices(wrong, useful)) throw new Unknown("the arguments that were found would not notice a mistake there");
  return { verdict: "same", count: useful.filter(({ was }) => was.how === "gave").length };
}

interface Useful {
  readonly call: string;
  readonly was: Outcome;
}

function runWith(program: Program, useful: readonly Useful[]): Calls {
  return callAll(
    program,
    useful.map(({ call, was }) => ({ given: call, most: Math.max(mostSteps, was.steps * slower) })),
  );
}

/** What it throws by itself must be the same; where it stumbled over what it was given, it may stumble otherwise. */
function isSame(was: Outcome, is: Outcome, { thrown }: Program): boolean {
  if (was.how === "threw" && is.how === "threw") return !thrown.has(was.shown) || was.value === is.value;
  return was.how === is.how && was.value === is.value;
}

/** True where the calls tell most small mistakes from the function; some are none, so not all of them. */
function notices(wrong: readonly Program[], useful: readonly Useful[]): boolean {
  const noticed = wrong.filter((each) => {
    try {
      const { outcomes } = runWith(each, useful.slice(0, 120));
      return outcomes.some((is, index) => is.value !== useful[index]?.was.value);
    } catch (reason) {
      if (reason instanceof Unknown) return true;
      throw reason;
    }
  });
  return noticed.length * 3 >= wrong.length * 2;
}

function mistakes(source: Source, name: string): readonly Program[] {
  return mistakenTexts(source, name, mostMistakes).map((text) => programOf(readSource(text, "javascript", source.other), name));
}

function parametersOf(source: Source, name: string): string {
  return (functionsOf(source.plain).get(name)?.parameters ?? []).map((each) => printed(each, source.plain)).join(", ");
}

/** The functions that differ; throws where something else does. */
function changedIn(before: Source, after: Source): readonly string[] {
  const [had, has] = [before, after].map(partsOf) as [Parts, Parts];
  if (had.others.join("\n") !== has.others.join("\n")) throw new Unknown("more than functions was changed");
  const gone = [...had.functions.keys()].find((name) => !has.functions.has(name));
  if (gone !== undefined) throw new Unknown("a function is gone");
  const changed = [...had.functions].filter(([name, text]) => has.functions.get(name) !== text).map(([name]) => name);
  if (changed.length === 0 && printed(before.written, before.written) !== printed(after.written, after.written))
    throw new Unknown("only types were changed");
  return changed;
}

interface Parts {
  readonly functions: ReadonlyMap<string, string>;
  readonly others: readonly string[];
}

function partsOf({ plain }: Source): Parts {
  const functions = new Map<string, string>();
  const others: string[] = [];
  for (const statement of plain.statements) {
    const name = functionIn(statement)?.name;
    if (name !== undefined) functions.set(name, printed(statement, plain));
    else if (!ts.isImportDeclaration(statement)) others.push(printed(statement, plain));
  }
  return { functions, others };
}

function different(name: string, call: string, was: Outcome, is: Outcome | undefined): Verdict {
  const [from, to] = [shorten(was.shown), shorten(is?.shown ?? "no end")];
  if (call.length > 60 || from === to) return { verdict: "different", why: `${name}(${shorten(call)}) does something else than before.` };
  return { verdict: "different", why: `${name}(${call}) came to ${from}, and now to ${to}.` };
}

function shorten(text: string): string {
  return text.length <= 48 ? text : `${text.slice(0, 47)}…`;
}
