import type { StopReason } from "../contracts/common.ts";
import { indentationOf } from "./indentation.ts";

/** What the stop rules know of the place. Texts have `\n` line ends. */
export interface StopPlace {
  readonly shape: "line" | "block";
  readonly prefix: string;
  readonly suffix: string;
}

/** A rule that was met: why, and how many characters of the text are kept. */
export interface Stop {
  readonly reason: StopReason;
  readonly keep: number;
}

/** Watches a text grow and says when it is complete. */
export interface StopRules {
  /** Judges the whole text so far. `final` means that nothing more will come, so that its last line counts as a whole one. */
  judge(text: string, final: boolean): Stop | undefined;
}

const repeatedSuffix = 20;
const closersOnly = /^[)\]}>;,]+$/;
/** Words that continue a block at the indentation of its opener. */
const continues = /^(?:else|elif|catch|except|finally|case|default|while|rescue|ensure|when|\}|\)|\])/;

/** Creates the rules of one completion. */
export function createStopRules({ shape, prefix, suffix }: StopPlace): StopRules {
  const left = prefix.slice(prefix.lastIndexOf("\n") + 1);
  const following = followingLine(suffix);
  const suffixStart = suffix.trimStart();
  const onBlankLine = left.trim() === "";
  const fences = /```/.test(prefix.slice(-4000));
  const before = prefix.slice(-2000).split("\n").slice(0, -1);

  return {
    judge(text, final) {
      const end = text.indexOf("\n");
      if (end >= 0 || final) {
        const line = end < 0 ? text : text.slice(0, end);
        if (!onBlankLine && isFollowing(left + line)) return { reason: "suffix", keep: 0 };
        if (end >= 0 && (shape === "line" || closesOwnOpener(left, line))) return { reason: "line", keep: end };
      }
      const repeat = suffixRepeat(text, suffixStart);
      if (repeat !== undefined) return { reason: "suffix", keep: withoutEmptyBlock(text, repeat, indentationOf(following)) };
      if (shape === "line") return undefined;
      return judgeLines(text, final);
    },
  };

  /** True for the next line once more, its indentation included. */
  function isFollowing(line: string): boolean {
    return /[\p{L}\p{N}]/u.test(line) && line.trimEnd() === following.trimEnd();
  }

  /** A block behind an opener is deeper than the opener's line; one on a blank line is as deep as its first line. */
  function referenceOf(lines: readonly string[]): number {
    if (!onBlankLine) return indentationOf(left);
    const [first = ""] = lines;
    if (first.trim() !== "") return left.length + indentationOf(first);
    return Math.max(left.length, indentationOf(lines.find((line) => line.trim() !== "") ?? ""));
  }

  function judgeLines(text: string, final: boolean): Stop | undefined {
    const lines = text.split("\n");
    let at = 0;
    let blank = 0;
    for (const [index, line] of lines.entries()) {
      const whole = index < lines.length - 1 || final;
      const start = at;
      at += line.length + 1;
      if (line.trim() === "") {
        // The end of the cursor's own line, and an unfinished last one, are no blank lines.
        if (index > 0 && whole) blank += 1;
        if (blank >= 2) return { reason: "block", keep: endOfText(text, start) };
        continue;
      }
      const ended =
        index > 0 ? judgeLine(text, lines, index, start, whole) : onBlankLine && whole ? judgeWhole(text, lines, 0, 0) : undefined;
      if (ended !== undefined) return ended;
      blank = 0;
    }
    return undefined;
  }

  /** Judges a later line as soon as its indentation is known. */
  function judgeLine(text: string, lines: readonly string[], index: number, start: number, whole: boolean): Stop | undefined {
    const line = lines[index] ?? "";
    const width = indentationOf(line);
    const words = line.trim();
    const closing = /^[)\]}]/.test(words);
    const reference = referenceOf(lines);
    // Models tuned for conversation end code with a fence and go on in prose.
    if (!fences && words.startsWith("```")) return { reason: "block", keep: endOfText(text, start) };
    const outside = onBlankLine ? width < reference : width <= reference;
    if (outside && closing) {
      if (!whole && closersOnly.test(words)) return undefined;
      // The closer is part of the block unless it already stands below.
      const there = following.trim().startsWith(words.charAt(0)) && indentationOf(following) === width;
      if (there || width < referenceOfCloser(reference)) return { reason: "block", keep: endOfText(text, start) };
      if (!closersOnly.test(words) && continues.test(words) && !/^[)\]}]+[;,]?$/.test(words)) return undefined;
      return whole ? { reason: "block", keep: start + line.length } : undefined;
    }
    if (outside && !(width === reference && continues.test(words) && !onBlankLine))
      return { reason: "block", keep: endOfText(text, start) };
    return whole ? judgeWhole(text, lines, index, start) : undefined;
  }

  /** Judges a line that is complete. */
  function judgeWhole(text: string, lines: readonly string[], index: number, start: number): Stop | undefined {
    const keep = endOfText(text, start);
    if (sameLine(lines[index] ?? "", following)) return { reason: "suffix", keep: withoutEmptyBlock(text, keep, indentationOf(following)) };
    if (repeats(lines, index, before)) return { reason: "repeat", keep };
    return undefined;
  }

  function referenceOfCloser(reference: number): number {
    if (!onBlankLine) return reference;
    // On a blank line the block around the cursor began at the nearest line that is less deep.
    for (let index = before.length - 1; index >= 0; index -= 1) {
      const line = before[index] ?? "";
      if (line.trim() !== "" && indentationOf(line) < reference) return indentationOf(line);
    }
    return reference;
  }
}

/** True when the rest of the cursor's line closes the bracket it ended with: nothing was left to be a block. */
function closesOwnOpener(left: string, line: string): boolean {
  if (!/[([{]\s*$/.test(left)) return false;
  let depth = 0;
  for (const character of line) {
    if ("([{".includes(character)) depth += 1;
    if (")]}".includes(character)) depth -= 1;
    if (depth < 0) return true;
  }
  return false;
}

/** Where the text before `start` ends, without the line ends and blanks that lead to the line there. */
function endOfText(text: string, start: number): number {
  return text.slice(0, start).trimEnd().length;
}

/** Leaves out a last line that opens a block, when what follows in the document would not be inside it. */
function withoutEmptyBlock(text: string, keep: number, following: number): number {
  const kept = text.slice(0, keep);
  const start = kept.lastIndexOf("\n") + 1;
  const last = kept.slice(start);
  return start > 0 && /[:{([]$/.test(last) && following <= indentationOf(last) ? endOfText(kept, start) : keep;
}

/** The first line with words below the cursor, or the rest of the cursor's line. */
function followingLine(suffix: string): string {
  for (const line of suffix.slice(0, 4000).split("\n")) if (line.trim() !== "") return line;
  return "";
}

/** Where the text begins to repeat what follows the cursor, if it does for long enough to be no chance. */
function suffixRepeat(text: string, following: string): number | undefined {
  if (following.length < repeatedSuffix) return undefined;
  const at = text.indexOf(following.slice(0, repeatedSuffix));
  return at < 0 ? undefined : endOfText(text, at);
}

/** True for a line that is the existing one but for a tenth of its characters. Lines of brackets alone are alike everywhere. */
function sameLine(line: string, existing: string): boolean {
  const one = line.trim();
  const other = existing.trim();
  if (one.length < 4 || other.length < 4 || !/[\p{L}\p{N}]/u.test(one)) return false;
  if (one === other || (other.length >= 10 && one.startsWith(other))) return true;
  const most = Math.floor(Math.max(one.length, other.length) / 10);
  return Math.abs(one.length - other.length) <= most && editDistance(one, other) <= most;
}

function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** True when the line stands for the third time in a row, counting the document's own lines above. */
function repeats(lines: readonly string[], index: number, before: readonly string[]): boolean {
  const words = (lines[index] ?? "").trim();
  if (!/[\p{L}\p{N}]/u.test(words)) return false;
  const above = [...before, ...lines.slice(0, index)].map((line) => line.trim()).filter((line) => line !== "");
  const copies = above.filter((line) => line === words).length;
  return (above.at(-1) === words && above.at(-2) === words) || copies >= 3;
}
