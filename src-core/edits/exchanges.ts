import { commonStart, leadingBlanks } from "./indent.ts";

/** Some lines of a text, and the lines that are to stand in their place. */
interface Exchange {
  readonly search: readonly string[];
  readonly replace: readonly string[];
}

/** What came of an answer in blocks: the whole text, or why it cannot be made. */
export type Exchanged = { readonly text: string } | { readonly why: string };

/** What stands around the two parts of a block. */
export const blockMarks = { search: "<<<<<<< SEARCH", middle: "=======", replace: ">>>>>>> REPLACE" } as const;

const block = /^<{5,9} ?SEARCH[ \t]*\n([\s\S]*?)^={5,9}[ \t]*\n([\s\S]*?)^>{5,9} ?REPLACE[ \t]*$/gm;

/**
 * Replaces lines of a text as the blocks of an answer say. Lines are looked for as they are written, then without blanks at their ends,
 * then wherever they are indented otherwise, then with any blanks. What is found nowhere or at several places changes nothing at all.
 */
export function exchangeLines(text: string, answer: string): Exchanged {
  const exchanges = readBlocks(answer.replaceAll("\r\n", "\n"));
  if (exchanges.length === 0) return { why: "The answer has no whole block with lines to replace." };
  const lines = text.split("\n");
  const found: { readonly at: number; readonly count: number; readonly replace: readonly string[] }[] = [];
  for (const { search, replace } of exchanges) {
    const [first = ""] = search;
    if (search.every((line) => line.trim() === "")) return { why: "A block does not say which lines it replaces." };
    const places = placesOf(lines, search);
    if (places.length > 1)
      return {
        why: `The lines to replace, from “${shorten(first)}”, stand at ${places.length} places; more lines around them are needed.`,
      };
    const [at] = places;
    if (at === undefined) return { why: `The lines to replace, from “${shorten(first)}”, are not there.${nearest(lines, search)}` };
    found.push({ at, count: search.length, replace: reindented(replace, search, lines.slice(at, at + search.length)) });
  }
  found.sort((a, b) => a.at - b.at);
  if (found.some(({ at }, index) => index > 0 && at < end(found[index - 1]))) return { why: "Two blocks replace the same line." };
  for (const { at, count, replace } of found.reverse()) lines.splice(at, count, ...replace);
  return { text: lines.join("\n") };
}

function end(place: { readonly at: number; readonly count: number } | undefined): number {
  return place === undefined ? 0 : place.at + place.count;
}

function readBlocks(answer: string): readonly Exchange[] {
  return Array.from(answer.matchAll(block), ([, search = "", replace = ""]) => ({ search: linesOf(search), replace: linesOf(replace) }));
}

/** The lines of a part, each of which ends with a line end. */
function linesOf(part: string): readonly string[] {
  return part === "" ? [] : part.replace(/\n$/, "").split("\n");
}

/** How lines are compared, from strict to lenient. */
const comparisons: readonly ((lines: readonly string[]) => readonly string[])[] = [
  (lines) => lines,
  (lines) => lines.map((line) => line.trimEnd()),
  withoutIndent,
  (lines) => lines.map((line) => line.trim().replace(/\s+/g, " ")),
];

/** Where lines stand, by the strictest comparison that finds them. */
function placesOf(lines: readonly string[], wanted: readonly string[]): readonly number[] {
  for (const seen of comparisons) {
    const meant = seen(wanted).join("\n");
    const places: number[] = [];
    for (let at = 0; at + wanted.length <= lines.length; at += 1)
      if (seen(lines.slice(at, at + wanted.length)).join("\n") === meant) places.push(at);
    if (places.length > 0) return places;
  }
  return [];
}

function withoutIndent(lines: readonly string[]): readonly string[] {
  const indent = indentOf(lines);
  return lines.map((line) => (line.trim() === "" ? "" : line.slice(indent.length).trimEnd()));
}

function indentOf(lines: readonly string[]): string {
  return commonStart(lines.filter((line) => line.trim() !== "").map(leadingBlanks));
}

/** New lines as deep as those that were found, where the answer had them at another depth. */
function reindented(replace: readonly string[], search: readonly string[], found: readonly string[]): readonly string[] {
  const [from, to] = [indentOf(search), indentOf(found)];
  if (from === to) return replace;
  return replace.map((line) => (line.trim() === "" ? "" : to + (line.startsWith(from) ? line.slice(from.length) : line.trimStart())));
}

/** The lines that have most in common with those that are not there. */
function nearest(lines: readonly string[], wanted: readonly string[]): string {
  const words = new Set(wanted.map((line) => line.trim()).filter((line) => line !== ""));
  let best = { at: -1, count: 0 };
  for (let at = 0; at < lines.length; at += 1) {
    if (!words.has((lines[at] ?? "").trim())) continue;
    const count = lines.slice(at, at + wanted.length).filter((line) => words.has(line.trim())).length;
    if (count > best.count) best = { at, count };
  }
  return best.at < 0 ? "" : ` Most like them is what begins with “${shorten(lines[best.at] ?? "")}”.`;
}

function shorten(line: string): string {
  const text = line.trim();
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
