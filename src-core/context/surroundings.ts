import { splitLines, withUnixLineEnds } from "../edits/lines.ts";

/** The whole lines around a selection, with "\n" line ends; what stands on the selection's own lines belongs to neither. */
export interface Surroundings {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Cuts a document at a selection. */
export function surroundingsOf(text: string, { start, end }: { readonly start: number; readonly end: number }): Surroundings {
  const before = splitLines(withUnixLineEnds(text.slice(0, start).replace(/^\uFEFF/, "")));
  // The last piece without a line end shares its line with the selection.
  if (before.at(-1)?.endsWith("\n") === false) before.pop();
  const rest = text.slice(end);
  const endsLine = end === 0 || /[\r\n]/.test(text[end - 1] ?? "") || rest === "";
  const after = splitLines(withUnixLineEnds(rest));
  if (!endsLine) after.shift();
  return { before, after };
}

/** Lines as a piece of a prompt: without blank lines at its ends. */
export function joinLines(lines: readonly string[]): string {
  return lines
    .join("")
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd();
}
