import type { AssistAction } from "./action.ts";

/** What an action is to do and where, as far as it matters here. */
interface Asked {
  readonly text: string;
  readonly selection: { readonly start: number; readonly end: number };
  readonly instruction?: string | undefined;
}

/** True where code is asked for at an empty line: the line is what is selected, and what shall stand there is said. */
export function isInsertion(
  action: Pick<AssistAction, "keepsBehaviour">,
  { text, selection: { start, end }, instruction }: Asked,
): boolean {
  const selected = text.slice(start, end).replace(/(?:\r\n|\r|\n)$/, "");
  const before = text.slice(Math.max(text.lastIndexOf("\n", start - 1), text.lastIndexOf("\r", start - 1)) + 1, start);
  const behind = /^[^\r\n]*/.exec(text.slice(start + selected.length))?.[0] ?? "";
  const isEmpty = [before, selected, behind].every((part) => /^\uFEFF?[ \t]*$/.test(part));
  return action.keepsBehaviour === true && isEmpty && (instruction?.trim() ?? "") !== "";
}
