import { lexiconOf } from "../assist/checks/languages.ts";
import { scan } from "../assist/checks/scan.ts";
import { surroundingsOf } from "./surroundings.ts";

/** Farther away it belongs to something else. */
const mostLines = 60;

/**
 * What documentation beside a selection says it does: the comment right above it, and in Python the bare text that follows it. Empty
 * where there is none.
 */
export function purposeBeside(text: string, selection: { readonly start: number; readonly end: number }, languageId: string): string {
  const lexicon = lexiconOf(languageId);
  if (lexicon === undefined) return "";
  const { before, after } = surroundingsOf(text, selection);
  const above = before.slice(-mostLines).map((line) => line.trimEnd());
  // Within so few lines a comment may begin outside; then the scan takes its lines for code, and nothing is found.
  const code = scan(above.join("\n"), lexicon).code.split("\n");
  let from = above.length;
  while (from > 0 && above[from - 1]?.trim() !== "" && code[from - 1]?.trim() === "") from -= 1;
  const comment = above.slice(from).map((line) => line.trim().replace(/^(?:\/\*\*?|\*\/|\*|\/{2,3}|#+|--+)\s?|\s*\*\/$/g, ""));
  const following = lexicon.indentation ? bareText(after.slice(0, mostLines).join("")) : "";
  return [comment.join("\n").trim(), following].filter((part) => part !== "").join("\n\n");
}

function bareText(text: string): string {
  return /^\s*(?:"""|''')([\s\S]*?)(?:"""|''')/.exec(text)?.[1]?.trim() ?? "";
}
