/** Where a suggestion would stand. Text is a window around the cursor, as a request sends it. */
export interface Place {
  readonly path: string;
  /** VS Code's id of the language. */
  readonly languageId: string;
  /** Nothing outside of this folder is read. */
  readonly workspace?: string;
  readonly prefix: string;
  readonly suffix: string;
  /** Of the cursor in the whole document, in UTF-16 units, where the sender knows it. */
  readonly offset?: number;
}

/** A suggestion at its place. */
export interface SuggestionPlace extends Place {
  readonly text: string;
  /** UTF-16 units right of the cursor that the text replaces. */
  readonly replaces: number;
}

/** What a check found: `late` when nothing was found in time, `none` where nothing can be checked. */
export type Verdict = "passed" | "broken" | "late" | "none";

/** Something wrong in a document, at a line counted from 1. */
export interface Diagnosis {
  readonly line: number;
  readonly message: string;
}

const longestText = 300_000;
const longestLine = 20_000;

/** True for texts that are worth parsing at each key: neither huge nor minified around the cursor. */
export function isCheckable({ prefix, suffix }: Pick<Place, "prefix" | "suffix">): boolean {
  if (prefix.length + suffix.length > longestText) return false;
  const lineEnd = suffix.indexOf("\n");
  const left = prefix.length - prefix.lastIndexOf("\n");
  return left + (lineEnd < 0 ? suffix.length : lineEnd) <= longestLine;
}
