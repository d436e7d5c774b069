import { diffLines } from "#core/edits/diff";

/** One place where a proposal differs. Lines count from 0 within the reviewed block. */
export interface ProposedChange {
  readonly start: number;
  readonly removed: number;
  readonly added: readonly string[];
  /** True where only empty lines are replaced, so that nothing goes. */
  readonly fills?: true;
}

/** An edit of whole lines in a document, in the editor's terms: lines and columns count from 1. */
export interface LineEdit {
  readonly range: { startLineNumber: number; startColumn: number; endLineNumber: number; endColumn: number };
  readonly text: string;
}

/** The lines of an answer, whatever line ends it has. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

/** The places where a proposal differs from the lines of the block. What stands in the place of nothing but empty lines is one. */
export function changesBetween(original: readonly string[], proposed: readonly string[]): ProposedChange[] {
  const isEmpty = (lines: readonly string[]) => lines.every((line) => line.trim() === "");
  if (original.length > 0 && isEmpty(original) && !isEmpty(proposed))
    return [{ start: 0, removed: original.length, added: proposed, fills: true }];
  return diffLines(original, proposed).map((change) => ({
    start: change.original.start,
    removed: change.original.end - change.original.start,
    added: proposed.slice(change.proposed.start, change.proposed.end),
  }));
}

/**
 * The edit that makes a change. `first` is the line of the document where the block begins, `lineCount` and `lengthOf`
 * describe the document.
 */
export function editFor(change: ProposedChange, first: number, lineCount: number, lengthOf: (line: number) => number): LineEdit {
  const start = first + change.start;
  const end = start + change.removed - 1;
  const text = change.added.join("\n");
  if (change.removed === 0) {
    if (start <= lineCount) return edit(start, 1, start, 1, `${text}\n`);
    return edit(lineCount, lengthOf(lineCount) + 1, lineCount, lengthOf(lineCount) + 1, `\n${text}`);
  }
  if (change.added.length > 0) return edit(start, 1, end, lengthOf(end) + 1, text);
  if (end < lineCount) return edit(start, 1, end + 1, 1, "");
  if (start > 1) return edit(start - 1, lengthOf(start - 1) + 1, end, lengthOf(end) + 1, "");
  return edit(start, 1, end, lengthOf(end) + 1, "");
}

function edit(startLineNumber: number, startColumn: number, endLineNumber: number, endColumn: number, text: string): LineEdit {
  return { range: { startLineNumber, startColumn, endLineNumber, endColumn }, text };
}

/** How many lines the changes add and take away, as a reader counts them: empty ones that are filled do not go. */
export function shownCount(changes: readonly ProposedChange[]): { added: number; removed: number } {
  return { added: countLines(changes).added, removed: countLines(changes.filter(({ fills }) => !fills)).removed };
}

/** How many lines the changes add and remove. */
export function countLines(changes: readonly ProposedChange[]): { added: number; removed: number } {
  return {
    added: changes.reduce((sum, { added }) => sum + added.length, 0),
    removed: changes.reduce((sum, { removed }) => sum + removed, 0),
  };
}

/** The change at a line, or the next one below it; the last where there is none below. */
export function nearestChange(changes: readonly ProposedChange[], line: number): ProposedChange | undefined {
  return changes.find((change) => change.start + Math.max(1, change.removed) > line) ?? changes.at(-1);
}

/** The next change from a line, or the one before; round the end. */
export function nextChange(changes: readonly ProposedChange[], line: number, direction: 1 | -1): ProposedChange | undefined {
  if (direction === 1) return changes.find(({ start }) => start > line) ?? changes[0];
  return changes.findLast(({ start }) => start < line) ?? changes.at(-1);
}
