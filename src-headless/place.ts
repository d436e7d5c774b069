import { UserError } from "#core/base/errors";
import { UsageError } from "./command.ts";
import { count } from "./terminal.ts";

/** A position in a file as it is written on the command line: lines and columns from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Whole lines of a file, from 1, both included. */
export interface LineRange {
  readonly file: string;
  readonly from: number;
  /** Missing where the definition around the line is meant. */
  readonly to?: number;
}

/** Reads FILE:LINE:COLUMN. The last two colons count, because a Windows path has one of its own. */
export function parsePosition(text: string): Position {
  const parts = /^(.+):(\d{1,9}):(\d{1,9})$/s.exec(text);
  if (parts === null) throw new UsageError(`${text} is not of the form FILE:LINE:COLUMN.`);
  return { file: parts[1] as string, line: Number(parts[2]), column: Number(parts[3]) };
}

/** Reads FILE:FROM-TO, or FILE:LINE. */
export function parseLineRange(text: string): LineRange {
  const one = /^(.+):(\d{1,9})$/s.exec(text);
  if (one !== null && !/:\d+$/.test(one[1] as string)) return { file: one[1] as string, from: Number(one[2]) };
  const parts = /^(.+):(\d{1,9})-(\d{1,9})$/s.exec(text);
  if (parts === null) throw new UsageError(`${text} is not of the form FILE:FROM-TO or FILE:LINE.`);
  const range = { file: parts[1] as string, from: Number(parts[2]), to: Number(parts[3]) };
  if (range.from > range.to) throw new UsageError(`The lines ${range.from}-${range.to} are in the wrong order.`);
  return range;
}

/** Where each line of a text starts and ends, its line end left out. Line ends are those of the editor: \\r\\n, \\n and \\r. */
function linesOf(text: string): { start: number; end: number }[] {
  const lines: { start: number; end: number }[] = [];
  let start = 0;
  for (const match of text.matchAll(/\r\n|\n|\r/g)) {
    lines.push({ start, end: match.index });
    start = match.index + match[0].length;
  }
  lines.push({ start, end: text.length });
  return lines;
}

/** The offset of a position in a text, in UTF-16 units; throws POSITION_OUTSIDE_FILE where there is no such place. */
export function offsetOf(text: string, { line, column }: Pick<Position, "line" | "column">): number {
  const lines = linesOf(text);
  const found = lines[line - 1];
  if (found === undefined) throw outside(`There is no line ${line}.`, `The file has ${count(lines.length, "line")}.`);
  const width = found.end - found.start;
  if (column < 1 || column > width + 1) {
    throw outside(`Line ${line} has no column ${column}.`, `Its columns are 1 to ${width + 1}; 1 stands before the first character.`);
  }
  return found.start + column - 1;
}

/** The offsets of whole lines, without the last line's end; throws POSITION_OUTSIDE_FILE where there are no such lines. */
export function offsetsOf(text: string, { from, to = from }: Pick<LineRange, "from" | "to">): { start: number; end: number } {
  const lines = linesOf(text);
  const first = lines[from - 1];
  const last = lines[to - 1];
  if (first === undefined || last === undefined) {
    throw outside(
      from === to ? `There is no line ${from}.` : `There are no lines ${from}-${to}.`,
      `The file has ${count(lines.length, "line")}.`,
    );
  }
  return { start: first.start, end: last.end };
}

function outside(message: string, hint: string): UserError {
  return new UserError("POSITION_OUTSIDE_FILE", message, hint);
}
