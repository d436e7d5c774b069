import { assertNever } from "../base/errors.ts";
import type { ContextChunk, InfillLayout } from "../contracts/inference.ts";
import { indentationOf } from "./indentation.ts";

/** How much of a document goes into a prompt, in tokens. */
export interface HoleLimits {
  /** Text of other places. */
  readonly context: number;
  /** Text before the hole. */
  readonly window: number;
  /** Text after the cursor. */
  readonly suffix: number;
  /** Text between the start of the hole and the cursor, before the hole is opened anew. */
  readonly middle: number;
}

/** Limits for a processor that reads some hundred tokens a second, and for a graphics card. */
export const holeLimits: Readonly<Record<"cpu" | "gpu", HoleLimits>> = {
  cpu: { context: 384, window: 512, suffix: 96, middle: 192 },
  gpu: { context: 2048, window: 1024, suffix: 256, middle: 192 },
};

/**
 * A hole in a document. It opens at a line start above the cursor, so that typing only extends the middle, and it stays
 * where it is while the text around it does.
 */
export interface Hole {
  /** Everything before the hole, to see whether it is still the same document. */
  readonly before: string;
  /** Everything after the cursor when the hole was opened. */
  readonly after: string;
  /** The part of `before` that the model reads. */
  readonly window: string;
  /** The part of `after` that the model reads. */
  readonly suffix: string;
  /** Text of other places that stands before the document; it stays as long as the hole does. */
  readonly context: readonly ContextChunk[];
}

/** What decides where a hole opens, beside the text. */
export interface HoleOptions {
  readonly limits: HoleLimits;
  readonly layout: InfillLayout;
  readonly context: readonly ContextChunk[];
  /** Tokens of a text. */
  readonly count: (text: string) => number;
  /** The piece at the end of a text that is written again; empty where nothing is healed. */
  readonly unfinished: (text: string) => string;
}

/** A hole and the text from its start to the cursor. */
export interface PlacedHole {
  readonly hole: Hole;
  readonly middle: string;
  /** False while a burst goes on in the hole that was already open. */
  readonly moved: boolean;
}

/** Lines between the start of a new hole and the cursor: fewer cost quality, more cost time at each move. */
const linesAbove = 4;
const furthestBlockStart = 16;
/** Characters that an editor may have put right of the cursor while typing: closers, and line ends with indentation. */
const mostAdded = 48;
/** Characters after the cursor that matter: more than any limit of tokens lets a model read. */
const seenOfSuffix = 8000;
const addedMarks = /^[\s)\]}>"'`]*$/;
const replacedMarks = /^[)\]}>;,"'`]*$/;
/** Characters before the cursor in which an unfinished piece is looked for. */
const healedReach = 400;
/** The window starts at a line of this grid, so that it does not slide with every line. */
const grid = 64;

/** Keeps the open hole where it can, and opens a new one where it must. */
export function placeHole(open: Hole | undefined, prefix: string, suffix: string, options: HoleOptions): PlacedHole {
  if (open !== undefined && prefix.startsWith(open.before)) {
    const middle = prefix.slice(open.before.length);
    if (staysOpen(middle, options)) {
      if (isSameSuffix(suffix, open.after)) return { hole: open, middle, moved: false };
      // An edit right of the cursor (a deleted word) changes the suffix alone; a cursor that moved
      // on has left the hole far above.
      if (lineCount(middle) <= furthestBlockStart + linesAbove) {
        const hole = { ...open, after: suffix, suffix: firstTokens(suffix, options.limits.suffix, options.count) };
        return { hole, middle, moved: hole.suffix !== open.suffix };
      }
    }
  }
  return openHole(prefix, suffix, options);
}

/** Opens a new hole for a cursor, whatever was open before. */
export function openHole(prefix: string, suffix: string, options: HoleOptions): PlacedHole {
  const { limits, layout, context, count } = options;
  const anchor = anchorOf(prefix, options);
  const before = prefix.slice(0, anchor);
  const hole: Hole = {
    before,
    after: suffix,
    window: layout.anchor === "window" ? "" : lastLines(before, limits.window, count),
    suffix: firstTokens(suffix, limits.suffix, count),
    context,
  };
  return { hole, middle: prefix.slice(anchor), moved: true };
}

function anchorOf(prefix: string, { limits, layout, count, unfinished }: HoleOptions): number {
  switch (layout.anchor) {
    case "cursor":
      return prefix.length - unfinished(prefix.slice(-healedReach)).length;
    case "line": {
      const start = prefix.lastIndexOf("\n") + 1;
      return count(prefix.slice(start)) <= limits.middle / 2 ? start : chooseAnchor(prefix, limits.middle, count);
    }
    case "above":
      return chooseAnchor(prefix, limits.middle, count);
    case "window":
      return prefix.length - lastLines(prefix, limits.window, count).length;
    default:
      return assertNever(layout.anchor);
  }
}

/** True while the text typed since the hole was opened still fits into it. */
function staysOpen(middle: string, { limits, layout, count, unfinished }: HoleOptions): boolean {
  switch (layout.anchor) {
    case "cursor":
      return middle === "" || unfinished(middle) === middle;
    case "line":
      return !middle.includes("\n") && count(middle) <= limits.middle;
    case "above":
      return count(middle) <= limits.middle;
    case "window":
      return count(middle) <= limits.window + limits.middle;
    default:
      return assertNever(layout.anchor);
  }
}

/**
 * True for the suffix the model has read, also when closers were put before it by the editor (`(` typed, `)` added) or replaced by
 * a suggestion that was accepted: the model writes its own, and they are fitted together afterwards. So a bracket costs no more
 * than any other key.
 */
export function isSameSuffix(suffix: string, read: string): boolean {
  for (let differing = 0; differing <= mostAdded; differing += 1) {
    if (beginAlike(suffix.slice(differing), read) && addedMarks.test(suffix.slice(0, differing))) return true;
    if (beginAlike(read.slice(differing), suffix) && replacedMarks.test(read.slice(0, differing))) return true;
  }
  return false;
}

/** Texts end at the end of a document, or where a window around the cursor was cut, which moves with every character. */
function beginAlike(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < seenOfSuffix) return one === other;
  return one.startsWith(other.slice(0, seenOfSuffix));
}

function lineCount(text: string): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}

/** The start of the enclosing block if it is near, else the line some lines above the cursor. */
function chooseAnchor(prefix: string, mostTokens: number, count: (text: string) => number): number {
  // Half of what a middle may hold, so that a burst has room before the hole must move.
  const fits = (at: number) => count(prefix.slice(at)) <= mostTokens / 2;
  const starts: number[] = [];
  for (let at = prefix.length; starts.length <= furthestBlockStart && at >= 0; ) {
    const start = at === 0 ? 0 : prefix.lastIndexOf("\n", at - 1) + 1;
    starts.push(start);
    if (start === 0) break;
    at = start - 1;
  }
  const cursorLineStart = starts[0] ?? 0;
  const indentation = indentationOf(prefix.slice(cursorLineStart));
  let chosen = starts[Math.min(linesAbove, starts.length - 1)] ?? 0;
  for (let line = linesAbove; line < starts.length; line += 1) {
    const start = starts[line] ?? 0;
    const text = prefix.slice(start, prefix.indexOf("\n", start));
    if (text.trim() !== "" && indentationOf(text) < indentation) {
      if (fits(start)) chosen = start;
      break;
    }
  }
  // Long lines: come nearer to the cursor, up to its own line.
  for (let line = starts.indexOf(chosen); line > 0 && !fits(chosen); ) {
    line -= 1;
    chosen = starts[line] ?? cursorLineStart;
  }
  if (fits(chosen)) return chosen;
  // One line longer than a whole middle (minified code): the hole opens inside it.
  return prefix.length - lastCharacters(prefix.slice(chosen), mostTokens / 2, count).length;
}

/** The last lines of a text, from a line of the grid, within the tokens. */
function lastLines(text: string, most: number, count: (text: string) => number): string {
  if (text === "") return "";
  const lines = lineCount(text) - 1;
  let start = Math.max(0, Math.floor((lines - grid) / grid) * grid);
  let at = offsetOfLine(text, start);
  // Coarse steps, so that the next hole near by starts at the same line.
  while (at < text.length && count(text.slice(at)) > most) {
    const next = offsetOfLine(text.slice(at), grid / 8);
    if (next === 0) break;
    start += grid / 8;
    at += next;
  }
  return at >= text.length || count(text.slice(at)) > most ? lastCharacters(text, most, count) : text.slice(at);
}

/** The offset where a line starts, from 0; the end of the text if it has fewer lines. */
function offsetOfLine(text: string, line: number): number {
  let at = 0;
  for (let index = 0; index < line; index += 1) {
    const end = text.indexOf("\n", at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return at;
}

function lastCharacters(text: string, most: number, count: (text: string) => number): string {
  let kept = text.slice(-Math.floor(most * 4));
  while (count(kept) > most) kept = kept.slice(Math.ceil(kept.length / 4));
  // Never the second half of a surrogate pair.
  return /^[\uDC00-\uDFFF]/.test(kept) ? kept.slice(1) : kept;
}

function firstTokens(text: string, most: number, count: (text: string) => number): string {
  let kept = text.slice(0, most * 6);
  while (count(kept) > most) kept = kept.slice(0, Math.floor(kept.length * 0.85));
  // A whole last line reads better than a torn one.
  const end = kept.lastIndexOf("\n");
  if (kept.length < text.length && end > kept.length / 2) kept = kept.slice(0, end + 1);
  return /[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept;
}
