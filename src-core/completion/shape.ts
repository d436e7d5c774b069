import { indentationOf } from "./indentation.ts";

/** What a completion may be at a place: several lines, the rest of one line, or nothing. */
export type Shape = "block" | "line" | "none";

/** Characters below the cursor in which the next line with words is looked for. */
const looked = 2000;
const closersOnly = /^[\s)\]}>;,:'"`]*$/;
const wordCharacter = /[\p{L}\p{N}_$]/u;
const opensBlock = /(?:[{([:]|=>|->|\bdo|\bthen|\bbegin|\belse)\s*$/;

/** The text of the cursor's line left and right of the cursor. */
export function cursorLine(prefix: string, suffix: string): { readonly left: string; readonly right: string } {
  const end = suffix.search(/\r?\n/);
  return { left: prefix.slice(prefix.lastIndexOf("\n") + 1), right: end < 0 ? suffix : suffix.slice(0, end) };
}

/**
 * The rule of one line or a block: a block where the line is blank, where it ends with something that opens one, or
 * between an opener and its closer, unless the block stands below already; nothing inside a word or before further code, unless asked
 * for by hand.
 */
export function shapeAt(prefix: string, suffix: string, trigger: "automatic" | "manual"): Shape {
  const { left, right } = cursorLine(prefix, suffix);
  if (wordCharacter.test(right.charAt(0)) || !closersOnly.test(right)) return trigger === "manual" ? "line" : "none";
  const rest = right.trim();
  if (rest === "") return left.trim() === "" || (opensBlock.test(left) && !hasBlockBelow(left, suffix)) ? "block" : "line";
  // `{|}`: the editor has closed the block, and it is still to be written.
  return /\{\s*$/.test(left) && rest.startsWith("}") ? "block" : "line";
}

/** True where the next line is deeper than the cursor's: the block that the line opens is there already. */
function hasBlockBelow(left: string, suffix: string): boolean {
  const [, ...lines] = suffix.slice(0, looked).split("\n");
  const below = lines.find((line) => line.trim() !== "");
  return below !== undefined && indentationOf(below) > indentationOf(left);
}
