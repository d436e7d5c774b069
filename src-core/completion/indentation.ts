/** Blanks before the first word of a line. */
export function indentationOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Languages in which the depth of a line says what block it belongs to. */
const byDepth = new Set(["python"]);
/** What a line ends with whose statement, or whose block, goes on deeper. */
const goesOn = /[:,([{\\=+\-*/%&|<>.]$/;

/**
 * True where the cursor's depth is what the user wants: on a line of blanks behind a statement that is complete. A line that is deeper
 * there would be an error, or would take back that the user has left a block.
 */
export function keepsDepth(languageId: string, prefix: string): boolean {
  if (!byDepth.has(languageId)) return false;
  const start = prefix.lastIndexOf("\n") + 1;
  if (!/^[ \t]+$/.test(prefix.slice(start))) return false;
  const above = prefix.slice(0, start).trimEnd();
  return above !== "" && !goesOn.test(above);
}

/** True for text that would make a line of blanks deeper, or a token of blanks after which nothing keeps the model from it. */
export function deepens(text: string, blanks: string): boolean {
  return /^[ \t]+$/.test(text) && text.length >= blanks.length && !text.endsWith("\t");
}
