import type ts from "typescript-language-service";
import { balanceOf } from "#core/completion/brackets";
import { insideOf } from "./internals.ts";

/** A document before and after a suggestion was put into it. */
export interface Inserted {
  readonly before: string;
  readonly text: string;
  /** UTF-16 units behind the cursor that the text replaces. */
  readonly replaces: number;
}

interface Fault {
  readonly start: number;
  readonly code: number;
  readonly message: string;
}

/** Codes of what is merely not closed yet; TypeScript tells it where the opening stands. */
const unclosed = new Set([1002, 1010, 1160, 1161, 17_008, 17_014]);
const closerExpected = /^'(?:[)}\]>]|<\/)' expected/;
/** Characters before the cursor in which an older mistake makes everything after it doubtful. */
const nearby = 300;

/**
 * True when a suggestion brings mistakes of syntax that were not there without it. What it leaves open at its end is no
 * mistake: the text after it closes that, or the user goes on.
 */
export function breaksSyntax(
  { before, text, replaces }: Inserted,
  parse: (text: string) => ts.SourceFile,
  inserted: ts.SourceFile,
  known: readonly Fault[],
): boolean {
  const start = before.length;
  const end = start + text.length;
  const moved = text.length - replaces;
  const next = endOfNextToken(inserted.text, end);
  const now = faultsOf(inserted).filter((fault) => fault.start >= start && fault.start <= next);
  const inside = now.filter((fault) => fault.start < end);
  const behind = now.filter((fault) => fault.start >= end && !known.some((old) => old.start + moved === fault.start));
  if (inside.length === 0 && behind.length === 0) return false;

  const alone = faultsOf(parse(before + text));
  const lastOfAll = (before + text).trimEnd().length;
  const certain = alone.filter((fault) => fault.start >= start && fault.start < lastOfAll && !unclosed.has(fault.code));
  if (certain.length > 0) return !isDoubtful(faultsOf(parse(before)), before);

  const openEnd = alone.some((fault) => fault.start >= lastOfAll && !closerExpected.test(fault.message));
  const openInside = alone.some((fault) => fault.start >= start && unclosed.has(fault.code));
  const { open, quote } = balanceOf(text);
  if (openEnd || openInside || open.length > 0 || quote !== undefined) return false;
  const wasBroken = known.some((old) => old.start >= start && old.start + moved <= next);
  return !wasBroken;
}

/** The mistakes of syntax in a file. */
export function faultsOf(file: ts.SourceFile): Fault[] {
  return insideOf(file).parseDiagnostics.map(({ start, code, messageText }) => ({
    start,
    code,
    message: typeof messageText === "string" ? messageText : messageText.messageText,
  }));
}

function isDoubtful(faults: readonly Fault[], before: string): boolean {
  const end = before.trimEnd().length;
  return faults.some((fault) => fault.start >= end - nearby && fault.start < end);
}

/** Where the first word or mark behind a place ends. */
function endOfNextToken(text: string, from: number): number {
  const mark = /\s*(?:[\p{L}\p{N}_$]+|\S|$)/uy;
  mark.lastIndex = from;
  return from + (mark.exec(text)?.[0].length ?? 0);
}
