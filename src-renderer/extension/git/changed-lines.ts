/** Lines that differ, as the workbench names them: counted from 1; an end of 0 stands for none, after the start. */
export interface ChangedLines {
  readonly originalStartLineNumber: number;
  readonly originalEndLineNumber: number;
  readonly modifiedStartLineNumber: number;
  readonly modifiedEndLineNumber: number;
}

/** Lines of a text, in the same way. */
export interface LineSpan {
  readonly start: number;
  readonly end: number;
}

/** The lines of one text that stand in the place of those of another. */
export interface ChangedPart {
  readonly from: LineSpan;
  readonly to: LineSpan;
}

/** The first text with one part of it as it is in the second; line ends stay those of each line. */
export function withChangedLines(text: string, other: string, { from, to }: ChangedPart): string {
  const lines = linesOf(text);
  const taken = linesOf(other);
  const [start, end] = indexes(from);
  const part = taken.slice(...indexes(to));
  const before = lines.slice(0, start);
  const after = lines.slice(end);
  // A last line without an end gets one where something follows it now.
  if (part.length > 0 && before.length > 0) endLine(before, taken);
  if (after.length > 0) endLine(part, lines);
  return [...before, ...part, ...after].join("");
}

/** A span as what `slice` takes. */
function indexes({ start, end }: LineSpan): [number, number] {
  return end === 0 ? [start, start] : [start - 1, end];
}

/** Each line with its own end. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function endLine(lines: string[], like: readonly string[]): void {
  const last = lines.at(-1);
  if (last === undefined || last.endsWith("\n")) return;
  lines[lines.length - 1] = `${last}${like.some((line) => line.endsWith("\r\n")) ? "\r\n" : "\n"}`;
}
