/** One step of indentation: a tab, or some blanks. */
export type IndentUnit = "\t" | `${" "}${string}`;

/** White space at the start of a line. */
export function leadingBlanks(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

/** The blanks that all of these texts begin with. */
export function commonStart(texts: readonly string[]): string {
  let common = texts[0] ?? "";
  for (const text of texts) {
    let length = 0;
    while (length < common.length && common[length] === text[length]) length++;
    common = common.slice(0, length);
  }
  return common;
}

/** The step by which a text indents, or undefined where no line is deeper than another. */
export function indentUnit(text: string): IndentUnit | undefined {
  const votes = new Map<string, number>();
  let before: string | undefined;
  for (const line of text.split("\n")) {
    // The stars of a block comment stand one blank deeper and are no step.
    if (line.trim() === "" || line.trimStart().startsWith("*")) continue;
    const blanks = leadingBlanks(line);
    if (before !== undefined && blanks.length > before.length && blanks.startsWith(before)) {
      const step = blanks.slice(before.length);
      const unit = step.startsWith("\t") ? "\t" : step;
      if (unit === " ") continue;
      votes.set(unit, (votes.get(unit) ?? 0) + 1);
    }
    before = blanks;
  }
  // Of steps seen equally often the first one counts: later ones are more often alignment.
  let best: [string, number] | undefined;
  for (const vote of votes) if (!best || vote[1] > best[1]) best = vote;
  return best?.[0] as IndentUnit | undefined;
}

/** Rewrites the indentation from one step to another; a line that is not indented in whole steps keeps its rest. */
export function convertIndent(text: string, from: IndentUnit, to: IndentUnit): string {
  if (from === to) return text;
  return text
    .split("\n")
    .map((line) => {
      let steps = 0;
      while (line.startsWith(from, steps * from.length)) steps++;
      return to.repeat(steps) + line.slice(steps * from.length);
    })
    .join("\n");
}
