import { diffLines } from "./diff.ts";
import { commonStart, convertIndent, type IndentUnit, indentUnit, leadingBlanks } from "./indent.ts";
import { type LineEnd, lineEndOf, withUnixLineEnds } from "./lines.ts";

/** A selection taken out of its document: the bare code for the model, and all that has to be put around its answer again. */
export interface Frame {
  /** The code with "\n" line ends and without the indent that all its lines share. */
  readonly body: string;
  /** The lines of the code as they were, the first one whole. */
  readonly lines: readonly string[];
  /** Blank lines, and a byte order mark, before the code; blanks and line ends after it. As they were. */
  readonly lead: string;
  readonly trail: string;
  readonly indent: string;
  /** What stands before the code on its first line and outside of the selection. */
  readonly outside: string;
  readonly lineEnd: LineEnd;
  readonly unit: IndentUnit | undefined;
}

/** Takes a selection out of its document. The body is empty when there are only blanks. */
export function frameSelection(text: string, { start, end }: { readonly start: number; readonly end: number }): Frame {
  const selected = text.slice(start, end);
  const lead = /^\uFEFF?(?:[ \t]*(?:\r\n|\r|\n))*/.exec(selected)?.[0] ?? "";
  const trail = selected.slice(Math.max(lead.length, selected.trimEnd().length));
  const lines = withUnixLineEnds(selected.slice(lead.length, selected.length - trail.length)).split("\n");
  const lineStart = Math.max(text.lastIndexOf("\n", start - 1), text.lastIndexOf("\r", start - 1)) + 1;
  const outside = /[\r\n]/.test(lead) ? "" : text.slice(start === 0 ? 0 : lineStart, start).replace(/^\uFEFF/, "");
  const startsInLine = outside.trim() !== "";
  const whole = startsInLine ? lines : [outside + lines[0], ...lines.slice(1)];
  const indent = commonStart((startsInLine ? lines.slice(1) : whole).filter((line) => line.trim() !== "").map(leadingBlanks));
  const body = whole
    .map((line, index) => (line.trim() === "" ? "" : index === 0 && startsInLine ? line : line.slice(indent.length)))
    .join("\n");
  return {
    body,
    lines: whole,
    lead,
    trail,
    indent,
    outside,
    lineEnd: lineEndOf(/[\r\n]/.test(selected) ? selected : text),
    unit: indentUnit(body) ?? indentUnit(withUnixLineEnds(text.slice(0, 200_000))),
  };
}

/** Puts an answer into the place of the selection: indent, kind of indent, line ends, and what stood around it. */
export function restoreFrame(frame: Frame, answer: string): string {
  const inStep = sameSteps(frame, withoutSharedIndent(trimBlankLines(withUnixLineEnds(answer))));
  const startsInLine = frame.outside.trim() !== "";
  const indented = inStep.split("\n").map((line, index) => (line === "" || (index === 0 && startsInLine) ? line : frame.indent + line));
  const lines = withBlanksAsBefore(frame.lines, indented);
  const first = startsInLine ? (lines[0] ?? "") : withoutStart(lines[0] ?? "", frame.outside);
  return frame.lead + [first, ...lines.slice(1)].join(frame.lineEnd) + frame.trail;
}

function trimBlankLines(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, "").trimEnd();
}

function withoutSharedIndent(text: string): string {
  const lines = text.split("\n");
  const shared = commonStart(lines.filter((line) => line.trim() !== "").map(leadingBlanks)).length;
  return shared === 0 ? text : lines.map((line) => line.slice(shared)).join("\n");
}

function sameSteps(frame: Frame, answer: string): string {
  const from = indentUnit(answer);
  return from && frame.unit ? convertIndent(answer, from, frame.unit) : answer;
}

/** Blank lines lose their blanks in an answer; those that stay where they were get them back, so that they do not count as changed. */
function withBlanksAsBefore(before: readonly string[], lines: readonly string[]): string[] {
  const bare = (line: string) => (line.trim() === "" ? "" : line);
  const result = lines.map(bare);
  const changes = diffLines(before.map(bare), result);
  let from = 0;
  let to = 0;
  for (const end of [...changes.map(({ original }) => original.start), before.length]) {
    for (; from < end; from++, to++) if (result[to] === "") result[to] = before[from] ?? "";
    const change = changes.find(({ original }) => original.start === end);
    from = change?.original.end ?? from;
    to = change?.proposed.end ?? to;
  }
  return result;
}

function withoutStart(line: string, start: string): string {
  return line.slice(commonStart([line, start]).length);
}
