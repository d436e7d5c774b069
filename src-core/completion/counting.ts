import { declaredNames } from "../assist/checks/names.ts";
import type { StopReason } from "../contracts/common.ts";

/** Lines of one turn at most. */
const longestUnit = 20;

/** So many functions, classes or tests that differ in their numbers alone are no work any more, and so many other lines no data. */
const fewest = { definitions: 12, lines: 40, turns: 5 };

/** In an answer that found no end fewer of them tell why. */
const fewestAtLimit = { definitions: 5, lines: 12, turns: 3 };

/** A unit with fewer letters is a row of numbers, and those may go on. */
const fewestLetters = 8;

/** Code at whose end the same comes again and again with other numbers. */
export interface Counting {
  /** Where the first turn begins. */
  readonly start: number;
  /** Where each whole turn ends, behind its line end. */
  readonly ends: readonly number[];
  /** How many functions, classes or tests a turn has. */
  readonly definitions: number;
  /** How many lines all turns have together. */
  readonly lines: number;
}

/**
 * Finds whether an answer does nothing at its end but count: the same function, test or line once more for the next number. Only one that
 * was stopped for that, or that reached its longest length, is looked at.
 */
export function countingIn(code: string, stop: StopReason): Counting | undefined {
  if (stop !== "repeat" && stop !== "limit" && stop !== "time") return undefined;
  const enough = stop === "repeat" ? fewest : fewestAtLimit;
  return countingOfWhole(code, enough) ?? countingOfWhole(code.slice(0, code.lastIndexOf("\n") + 1), enough);
}

function countingOfWhole(code: string, enough: typeof fewest): Counting | undefined {
  const lines = linesIn(code);
  const keys = lines.map(({ text }) => text.replace(/\d+/g, "0"));
  for (let unit = 1; unit <= Math.min(longestUnit, lines.length / enough.turns); unit += 1) {
    let same = 0;
    while (same < lines.length - unit && keys[keys.length - 1 - same] === keys[keys.length - 1 - same - unit]) same += 1;
    const turns = Math.floor(same / unit) + 1;
    if (turns < enough.turns) continue;
    const first = beginningOf(lines, lines.length - same - unit, unit);
    const turn = keys.slice(first, first + unit);
    const definitions = turn.filter(isDefinition).length;
    const whole = Math.floor((lines.length - first) / unit);
    const goesOn = definitions > 0 ? whole * definitions >= enough.definitions : whole * unit >= enough.lines;
    if (!goesOn || lettersIn(turn) < fewestLetters || !isCount(lines.slice(first), unit, definitions > 0)) continue;
    return {
      start: lines[first]?.start ?? 0,
      ends: Array.from({ length: whole }, (_, index) => lines[first + (index + 1) * unit - 1]?.end ?? code.length),
      definitions,
      lines: whole * unit,
    };
  }
  return undefined;
}

/** True where code counts on as nobody asked for: the request has no such code, and names no number of what is wanted. */
export function countsOn(code: string, request: string): boolean {
  // The last line may have just begun.
  const counting = countingOfWhole(code.slice(0, code.lastIndexOf("\n") + 1), fewest);
  if (counting === undefined || /\b(?:dozens?|hundreds?|thousands?)\b/i.test(request)) return false;
  const wanted = Array.from(request.matchAll(/\b(\d{2,5}) +(?:\p{L}+ +){0,2}\p{L}{2,}/gu), ([, count]) => Number(count));
  const counted = counting.definitions > 0 ? counting.ends.length * counting.definitions : counting.lines;
  if (wanted.some((count) => count >= counted)) return false;
  const turn = code.slice(counting.start, counting.ends[0]).replace(/\d+/g, "0").trim();
  return request.replace(/\d+/g, "0").split(turn).length <= 3;
}

/** An answer with so many of the definitions that count at its end, at least; the answer itself where none do. */
export function withCounted(code: string, definitions: number, stop: StopReason): string {
  const counting = countingIn(code, stop);
  if (counting === undefined) return code;
  const turns = Math.ceil(definitions / Math.max(1, counting.definitions));
  return code.slice(0, turns === 0 ? counting.start : (counting.ends[turns - 1] ?? counting.ends.at(-1))).trimEnd();
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The lines that are not empty. */
function linesIn(code: string): readonly Line[] {
  let start = 0;
  return code.split("\n").flatMap((line) => {
    const at = start;
    start += line.length + 1;
    const text = line.trimEnd();
    return text === "" ? [] : [{ text, start: at, end: Math.min(start, code.length) }];
  });
}

/** The first line from here that a turn may begin with: none is less deep, and it closes nothing. */
function beginningOf(lines: readonly Line[], from: number, unit: number): number {
  const depth = (line: Line | undefined) => (line ? line.text.length - line.text.trimStart().length : 0);
  const turn = lines.slice(from, from + unit);
  const least = Math.min(...turn.map(depth));
  const at = turn.findIndex((line) => depth(line) === least && !/^\s*[)\]}]/.test(line.text));
  return from + Math.max(0, at);
}

function isDefinition(line: string): boolean {
  return declaredNames(line.trimStart()).some((one) => one.public) || /^\s*(?:test|it|describe)\s*\(/.test(line);
}

function lettersIn(lines: readonly string[]): number {
  return lines.join("").match(/\p{L}/gu)?.length ?? 0;
}

/** True where some number goes up evenly from turn to turn; of lines that define nothing all others stay, or do so as well. */
function isCount(lines: readonly Line[], unit: number, defines: boolean): boolean {
  const turns: number[][] = [];
  for (let at = 0; at + unit <= lines.length; at += unit) {
    const text = lines
      .slice(at, at + unit)
      .map((line) => line.text)
      .join("\n");
    turns.push((text.match(/\d+/g) ?? []).map(Number));
  }
  const [first = [], second = []] = turns;
  const steps = first.map((number, index) => (second[index] ?? 0) - number);
  const isEven = (index: number) => turns.every((turn, count) => turn[index] === (first[index] ?? 0) + count * (steps[index] ?? 0));
  const even = steps.map((_step, index) => isEven(index));
  return steps.some((step, index) => step > 0 && even[index]) && (defines || even.every(Boolean));
}
