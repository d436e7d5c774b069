/** The lines of a text, each with its own line end; joined they are the text again. An empty text has none. */
export function splitLines(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}

/** A line end. */
export type LineEnd = "\n" | "\r\n" | "\r";

/** The line end that most lines of a text have; "\n" where there is none. */
export function lineEndOf(text: string): LineEnd {
  let windows = 0;
  let unix = 0;
  let old = 0;
  for (const [end] of text.matchAll(/\r\n|\r|\n/g)) {
    if (end === "\r\n") windows++;
    else if (end === "\n") unix++;
    else old++;
  }
  if (windows > unix && windows >= old) return "\r\n";
  return old > unix ? "\r" : "\n";
}

/** The text with "\n" as its only line end. */
export function withUnixLineEnds(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}
