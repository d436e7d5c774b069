import type { AssistAction } from "./action.ts";
import { lexiconOf } from "./checks/languages.ts";
import { declaredNames } from "./checks/names.ts";
import { scan } from "./checks/scan.ts";

/** The path as it is shown: within its workspace, else the file's name, always with forward slashes. */
export function shownPath(path: string, workspace: string | undefined): string {
  const slashes = path.replaceAll("\\", "/");
  const folder = workspace?.replaceAll("\\", "/").replace(/\/+$/, "");
  if (folder && slashes.startsWith(`${folder}/`)) return slashes.slice(folder.length + 1);
  return slashes.slice(slashes.lastIndexOf("/") + 1) || "untitled";
}

/** The title of a session: "Explain parse in reader.ts, lines 3–9". */
export function sessionTitle(
  action: AssistAction,
  { path, languageId, selection, lines }: { path: string; languageId: string; selection: string; lines: { from: number; to: number } },
): string {
  if (action.on === "change") return `${action.verb}${changedFiles(selection)}`;
  const lexicon = lexiconOf(languageId);
  const symbol = lexicon && declaredNames(scan(selection, lexicon).code)[0]?.name;
  const file = path.slice(path.lastIndexOf("/") + 1);
  const place = lines.from === lines.to ? `line ${lines.from}` : `lines ${lines.from}–${lines.to}`;
  return `${action.verb} ${symbol ? `${symbol} in ` : ""}${file}, ${place}`;
}

/** The files of a diff: ": cart.ts and 2 more". */
function changedFiles(diff: string): string {
  const files = Array.from(diff.matchAll(/^\+\+\+ (?:b\/)?(.+)$/gm), ([, path = ""]) => path.slice(path.lastIndexOf("/") + 1));
  const [first] = files;
  if (first === undefined) return "";
  return `: ${first}${files.length > 1 ? ` and ${files.length - 1} more` : ""}`;
}

/** First and last line, from 1, that a range of a text touches; an end at the very start of a line does not touch it. */
export function linesOf(text: string, { start, end }: { readonly start: number; readonly end: number }): { from: number; to: number } {
  const count = (part: string) => part.match(/\r\n|\r|\n/g)?.length ?? 0;
  const from = count(text.slice(0, start)) + 1;
  const selected = text.slice(start, end).replace(/(?:\r\n|\r|\n)$/, "");
  return { from, to: from + count(selected) };
}
