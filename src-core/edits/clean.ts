import { fenceFor } from "./fence.ts";

/** What a model says before or after code although it was asked for code only. */
const chatter =
  /^(?:sure|certainly|of course|okay|ok|here(?:'s| is| are)|below is|this is|the (?:following|improved|updated|refactored|rewritten|corrected|new))\b.*[:.!]$/i;

const openingFence = /^ {0,3}`{3,}[^`\n]*$/;

/** How an answer ends: a fence that the original does not contain, so that one in a comment of it is no end. */
function closingFence(original: string): (line: string) => boolean {
  const pattern = new RegExp(`^ {0,3}\`{${fenceFor(original).length},}\\s*$`);
  return (line) => pattern.test(line);
}

/**
 * The code in an answer: without fences, line numbers and talk around it. While the answer still streams (`final` is
 * false) only what no later text can change is given, so that each result begins with the one before.
 */
export function cleanCode(raw: string, original: string, final: boolean): string {
  const isClosing = closingFence(original);
  const complete = final ? raw : raw.slice(0, raw.lastIndexOf("\n") + 1);
  const rest = raw.slice(complete.length);
  const lines = complete.split("\n");
  if (!final) lines.pop();
  const code = codeLines(lines, isClosing, final);
  if (final) return trimBlankLines(isNumbered(original.split("\n")) ? code.lines : withoutLineNumbers(code.lines));
  // The unfinished line could still become a fence, or the talk before one.
  const shown = code.open && mayBeShown(rest, code.lines) ? [...code.lines, rest] : code.lines;
  return trimBlankLines(shown);
}

function trimBlankLines(lines: readonly string[]): string {
  return lines
    .join("\n")
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd();
}

interface Code {
  readonly lines: readonly string[];
  /** False once the code has ended, or has not begun. */
  readonly open: boolean;
}

function codeLines(lines: readonly string[], isClosing: (line: string) => boolean, final: boolean): Code {
  const first = lines.findIndex((line) => line.trim() !== "");
  if (first === -1) return { lines: [], open: true };
  const opening = lines[first] as string;
  if (openingFence.test(opening)) return untilFence(lines.slice(first + 1), isClosing);
  if (!chatter.test(opening.trim())) return untilFence(lines.slice(first), isClosing);
  const fence = lines.findIndex((line) => openingFence.test(line));
  if (fence !== -1) return untilFence(lines.slice(fence + 1), isClosing);
  // Talk without a fence after it: what follows is taken as code at the end, and judged there.
  return final ? { lines: lines.slice(first + 1), open: true } : { lines: [], open: false };
}

function untilFence(lines: readonly string[], isClosing: (line: string) => boolean): Code {
  const fence = lines.findIndex(isClosing);
  return fence === -1 ? { lines, open: true } : { lines: lines.slice(0, fence), open: false };
}

function mayBeShown(rest: string, before: readonly string[]): boolean {
  if (/^\s*[`~]/.test(rest)) return false;
  // Only the first line can be talk; it is shown once it is whole.
  return before.some((line) => line.trim() !== "");
}

const importLine = /^(?:import\b|from\s+\S+\s+import\b|#include\b|using\s+[\w.]+;|use\s+[\w:]+|(?:const|var|let)\s+.*=\s*require\()/;

/** Code without imports at its head that the rest of the document has already: small models write them once more. */
export function withoutKnownImports(code: string, original: string, elsewhere: string): string {
  const known = new Set(elsewhere.split(/\r\n|\r|\n/).map((line) => line.trim()));
  for (const line of original.split("\n")) known.delete(line.trim());
  const lines = code.split("\n");
  const isKnown = (line: string) => line.trim() === "" || (importLine.test(line.trim()) && known.has(line.trim()));
  const first = lines.findIndex((line) => !isKnown(line));
  return first <= 0 ? code : lines.slice(first).join("\n");
}

const lineNumber = /^\s*(\d+)(?:[:|.)]|\s\|)?(?:\s|$)/;

/** Numbers copied from the input count up on every line. */
function isNumbered(lines: readonly string[]): boolean {
  const numbers = lines.filter((line) => line.trim() !== "").map((line) => Number(lineNumber.exec(line)?.[1]));
  return numbers.length >= 2 && numbers.every((number, index) => number > (index === 0 ? -1 : (numbers[index - 1] as number)));
}

function withoutLineNumbers(lines: readonly string[]): readonly string[] {
  return isNumbered(lines) ? lines.map((line) => line.replace(/^\s*\d+(?:[:|.)]|\s\|)?\s?/, "")) : lines;
}
