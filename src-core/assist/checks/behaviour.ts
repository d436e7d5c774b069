import type { Doubt } from "../../contracts/assist.ts";
import { lexiconOf } from "./languages.ts";
import { scan } from "./scan.ts";

/** What code does, as far as its words and signs tell without running it. */
interface Fingerprint {
  /** How often each kind of comparison stands there; `a < b` and `b > a` are one kind. */
  readonly comparisons: ReadonlyMap<string, number>;
  /** How often each sign of arithmetic stands there; `a += b` is one of `a = a + b`. */
  readonly arithmetic: ReadonlyMap<string, number>;
  readonly numbers: ReadonlySet<string>;
  readonly strings: ReadonlySet<string>;
  readonly calls: ReadonlySet<string>;
  /** How often it leaves, and by which way. */
  readonly exits: ReadonlyMap<string, number>;
  readonly parameters: readonly string[];
  /** How often each parameter is used. */
  readonly uses: ReadonlyMap<string, number>;
}

const kinds: Readonly<Record<string, string>> = {
  "<": "less than",
  ">": "less than",
  "<=": "at most",
  ">=": "at most",
  "==": "equal",
  "===": "equal",
  "!=": "not equal",
  "!==": "not equal",
};
/** More would not help to look. */
const mostNamed = 3;
/** Calls that one writes to say the same in another way. */
const interchangeable = new Set(
  "len range enumerate zip map filter any all sum min max sorted reversed list tuple set dict str int float bool isinstance abs join append extend get items keys values next iter forEach reduce some every push includes indexOf concat slice find filter from entries toString String Number Boolean Array Object assign flat flatMap at if for while switch catch return and or not in elif def function lambda with print super async await except assert".split(
    " ",
  ),
);

/**
 * What speaks against an answer doing the same as the original: another comparison, number, text or call, another way out, other
 * parameters. It proves nothing in either direction, so no such doubt blocks; it says where to look.
 */
export function doubtsOfBehaviour(original: string, answer: string, languageId: string): Doubt[] {
  const lexicon = lexiconOf(languageId);
  if (lexicon === undefined) return [];
  const print = (text: string) => fingerprint(text, scan(text, lexicon).code, scan(text, lexicon).comments);
  const before = print(original);
  const after = print(answer);
  const doubts: string[] = [];
  const isSame = before.parameters.join() === after.parameters.join();
  const lost = (what: string, had: ReadonlySet<string>, has: ReadonlySet<string>) => {
    const gone = [...had].filter((item) => !has.has(item));
    const come = [...has].filter((item) => !had.has(item));
    if (gone.length > 0) doubts.push(`${what} “${shorten(gone[0] ?? "")}” is no longer there.`);
    else if (come.length > 0) doubts.push(`${what} “${shorten(come[0] ?? "")}” was not there before.`);
  };
  if (!isSame) doubts.push("The parameters are not the same.");
  for (const [kind, count] of joined(before.comparisons, after.comparisons))
    if (count !== 0) doubts.push(`It compares “${kind}” ${times(count)} than before.`);
  for (const [sign, count] of joined(before.arithmetic, after.arithmetic))
    if (count !== 0) doubts.push(`It calculates with “${sign}” ${times(count)} than before.`);
  for (const [way, count] of joined(before.exits, after.exits))
    if (count !== 0) doubts.push(`It has “${way}” ${times(count)} than before.`);
  for (const [name, count] of isSame ? joined(before.uses, after.uses) : [])
    if (count !== 0) doubts.push(`It uses “${name}” ${times(count)} than before.`);
  lost("The number", before.numbers, after.numbers);
  lost("The text", before.strings, after.strings);
  lost("The call of", before.calls, after.calls);
  return doubts.slice(0, mostNamed).map((message) => ({ kind: "behaviour", message, blocks: false }));
}

function fingerprint(text: string, code: string, comments: string): Fingerprint {
  const parameters = parametersOf(code);
  const withoutTypes = code.replace(/=>|->|<<|>>>?/g, " ").replace(/\b[\p{L}_$][\p{L}\p{N}_$.]*<[^<>()\n]*>/gu, " ");
  return {
    comparisons: counted((withoutTypes.match(/[<>!=]==?|(?<![<>=!])[<>](?![<>=])/g) ?? []).flatMap((sign) => kinds[sign] ?? [])),
    arithmetic: counted(
      withoutTypes
        .replace(/&&|\|\|/g, " ")
        .match(/\*\*|\/\/|\+\+|--|[-+*/%^&|]/g)
        ?.map((sign) => sign.replace(/^(\+\+|--)$/, (twice) => twice.charAt(0))) ?? [],
    ),
    numbers: new Set((code.match(/(?<![\p{L}\p{N}_$.])\d[\d_.]*(?:e[+-]?\d+)?/giu) ?? []).filter((number) => !/^[01]$/.test(number))),
    strings: new Set(stringsOf(text, code, comments)),
    calls: new Set(
      Array.from(code.matchAll(/([\p{L}_$][\p{L}\p{N}_$]*)\s*\(/gu), ([, name = ""]) => name).filter((name) => !interchangeable.has(name)),
    ),
    exits: counted((code.match(/\b(?:raise|throw|yield|await|break|assert|panic)\b/g) ?? []).map((word) => word)),
    parameters,
    // How long something is, one asks or not by the way one goes through it.
    uses: counted(
      (
        code
          .replace(/\blen\(\s*[\p{L}\p{N}_$]+\s*\)|[\p{L}\p{N}_$]+\.length\b/gu, " ")
          .match(/(?<![.\p{L}\p{N}_$])[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []
      ).filter((word) => parameters.includes(word)),
    ),
  };
}

/** The insides of strings on one line that are no documentation: what the scan blanked out and is no comment. */
function stringsOf(text: string, code: string, comments: string): string[] {
  const found: string[] = [];
  const pattern = /(["'])((?:\\.|(?!\1)[^\\\n])+)\1/g;
  for (const match of text.replace(/"""[\s\S]*?"""|'''[\s\S]*?'''/g, (long) => " ".repeat(long.length)).matchAll(pattern)) {
    const isString = code.slice(match.index, match.index + match[0].length).trim() === "";
    const isComment = comments.slice(match.index, match.index + match[0].length).trim() !== "";
    if (isString && !isComment) found.push(match[2] ?? "");
  }
  return found;
}

/** The names of the parameters of the first definition, without types and defaults. */
function parametersOf(code: string): string[] {
  const list = /(?:\bdef|\bfunction\*?|\bfunc|\bfn)\s*(?:\([^)]*\)\s*)?[\p{L}\p{N}_$]*\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)/u.exec(
    code,
  )?.[1];
  if (list === undefined) return [];
  return list.split(",").flatMap((part) => /^[\s*&.]*(?:mut\s+)?([\p{L}_$][\p{L}\p{N}_$]*)/u.exec(part)?.[1] ?? []);
}

function counted(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** How many more there are of each after than before. */
function joined(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): [string, number][] {
  return [...new Set([...before.keys(), ...after.keys()])].map((key) => [key, (after.get(key) ?? 0) - (before.get(key) ?? 0)]);
}

function times(count: number): string {
  const number = Math.abs(count);
  return `${number === 1 ? "once" : `${number} times`} ${count > 0 ? "more" : "less"}`;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
