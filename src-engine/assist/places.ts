import { isDocumented, withDocumentation } from "#core/assist/documentation";
import type { AssistAction } from "#core/assist/index";
import { linesOf } from "#core/assist/title";
import { UserError } from "#core/base/errors";
import { isGenerated, isMachineMade } from "#core/context/exclusions";
import type { ActionPlaces, AssistPlace } from "#core/contracts/assist";
import { withUnixLineEnds } from "#core/edits/lines";
import type { SuggestionCheck } from "../completion/check/check.ts";
import type { Parsers } from "../syntax/parser.ts";
import { definitionAround } from "./definition-around.ts";
import { definitionsOf, type FileDefinition } from "./definitions-in-file.ts";
import { type Problems, problemsIn } from "./problems-in.ts";

/** A file that an action is to go through. */
export interface FileForAction {
  readonly path: string;
  readonly languageId: string;
  readonly workspace?: string | undefined;
  readonly text: string;
  readonly instruction?: string | undefined;
  /** What is wrong in it, where that is known. */
  readonly problems?: Problems | undefined;
}

/** What finding the places takes. */
export interface PlacesOptions {
  readonly parsers: Pick<Parsers, "parse">;
  readonly compiler: Pick<SuggestionCheck, "errors"> | undefined;
}

/** In UTF-16 units; parsing longer files takes long, and nobody wrote them. */
const longest = 500_000;
/** A function of fewer lines is as simple as it can be, and a small model that is asked all the same makes it worse. */
const leastLines = 4;
/** A file without functions is taken as a whole up to so many lines, which is what small models still write anew without losing any. */
const mostLinesOfWhole = 60;
/** Lines around a problem that stands in no function. */
const linesAround = 3;

/**
 * The places of a file that an action is asked about one by one, in the order of the file. Small models do better with one function than
 * with a file: they lose nothing, each answer can be compared, and one that is of no use costs only itself.
 */
export async function placesFor(
  { parsers, compiler }: PlacesOptions,
  action: AssistAction,
  file: FileForAction,
  signal?: AbortSignal,
): Promise<ActionPlaces> {
  if (action.on !== "code" || action.shows !== "diff")
    throw new UserError("BAD_INPUT", `“${action.title}” proposes no other lines.`, "Choose an action that does, such as Improve.");
  const { text, languageId, path } = file;
  const nothing = (reason: string): ActionPlaces => ({ places: [], reason });
  if (text.trim() === "") return nothing("It is empty.");
  if (isGenerated(path, text)) return nothing("It says that it is generated.");
  if (text.length > longest || isMachineMade(text)) return nothing("It is too long, or no person wrote it.");
  if (action.looksAtLines) {
    const problems = file.problems ?? (await problemsIn({ parsers, compiler }, file, signal));
    return problems.length === 0
      ? nothing("Nothing is known to be wrong in it.")
      : { places: await around(parsers, file, problems, signal) };
  }
  const tree = await parsers.parse(languageId, text, { signal });
  if (tree === undefined) return action.takesDocumentation ? nothing("Its language is not read.") : whole(file);
  try {
    const definitions = definitionsOf(tree.rootNode, text, languageId);
    if (action.takesDocumentation) {
      const places = definitions.filter((each) => each.isPublic && !isDescribed(each, file)).map((each) => placeOf(text, each, each.name));
      return places.length > 0 ? { places } : nothing("All that others can use in it is documented.");
    }
    const functions = definitions.filter(({ kind }) => kind === "function");
    if (functions.length === 0) return whole(file);
    // Whoever says what is to be done means the short ones as well.
    const least = action.keepsBehaviour && !file.instruction?.trim() ? leastLines : 1;
    const places = functions
      .filter(({ start, end }) => text.slice(start, end).split("\n").length >= least)
      .map((each) => placeOf(text, each, each.name));
    return places.length > 0 ? { places } : nothing(`None of its functions has ${leastLines} lines or more.`);
  } finally {
    tree.delete();
  }
}

function placeOf(text: string, { start, end }: { readonly start: number; readonly end: number }, name: string): AssistPlace {
  return { start, end, name, lines: linesOf(text, { start, end }) };
}

function isDescribed(definition: FileDefinition, { text, languageId }: FileForAction): boolean {
  const { start, end } = withDocumentation(text, definition, languageId);
  return isDocumented(withUnixLineEnds(text.slice(start, end)), languageId);
}

function whole({ text, path }: FileForAction): ActionPlaces {
  const end = text.trimEnd().length;
  const lines = text.slice(0, end).split("\n").length;
  if (lines > mostLinesOfWhole) return { places: [], reason: "No functions are found in it, and it is too long to be written anew." };
  return { places: [placeOf(text, { start: 0, end }, path.replaceAll("\\", "/").split("/").at(-1) ?? path)] };
}

/** The functions around problems, each with what is wrong there; where there is none, the lines around it. */
async function around(parsers: Pick<Parsers, "parse">, file: FileForAction, problems: Problems, signal?: AbortSignal) {
  const { text, languageId } = file;
  const starts = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), ({ index, 0: end }) => index + end.length)];
  const found: AssistPlace[] = [];
  for (const problem of [...problems].sort((a, b) => a.line - b.line)) {
    const line = Math.min(problem.line, starts.length);
    const definition = await definitionAround(parsers, { languageId, text, offset: starts[line - 1] ?? 0 }, signal);
    const last = found.at(-1);
    const known = found.find(({ start, lines }) => (definition ? start === definition.start : lines.from <= line && line <= lines.to));
    if (known !== undefined) {
      known.problems?.push(problem);
      continue;
    }
    const from = Math.max(line - linesAround, Math.min(line, (last?.lines.to ?? 0) + 1));
    const lines = definition ?? linesBetween(text, starts, from, Math.min(line + linesAround, starts.length));
    found.push({ ...placeOf(text, lines, ""), problems: [problem] });
  }
  return found.map((place) => ({ ...place, name: inWords(place.lines) }));
}

function linesBetween(text: string, starts: readonly number[], from: number, to: number) {
  const last = starts[to - 1] ?? 0;
  const length = text.slice(last).search(/\r|\n/);
  return { start: starts[from - 1] ?? 0, end: length < 0 ? text.length : last + length };
}

function inWords({ from, to }: AssistPlace["lines"]): string {
  return from === to ? `line ${from}` : `lines ${from}–${to}`;
}
