/** What a model would write in the place of a line, and how sure it is, 0 to 1. */
export interface LineGuess {
  readonly line: string;
  readonly guess: string;
  readonly probability: number;
}

/** Two lines with less in common are two thoughts, not one with a mistake in it. */
const leastAlike = 0.5;

/**
 * How strongly a guess speaks for a mistake in the line, 0 to 1: a sure guess that is nearly the same line does. 0 where the guess says
 * the same in other words, or names things anew.
 */
export function suspicionOf({ line, guess, probability }: LineGuess): number {
  const [before, after] = [tokensOf(line), tokensOf(guess)];
  if (before.join(" ") === after.join(" ") || isSaidOtherwise(before, after) || target(line) !== target(guess)) return 0;
  const alike = likeness(before, after);
  return alike < leastAlike ? 0 : Math.sqrt(probability) * alike ** 2;
}

/** Words and signs; `is` and `==` are one, as are the two ways of an assignment that adds. */
function tokensOf(text: string): string[] {
  const plain = text
    .trim()
    .replace(/\s*(?:#|\/\/).*$/, "")
    .replace(/;$/, "")
    .replace(/\bis not\b/g, "!=")
    .replace(/\bis\b/g, "==")
    .replace(/===/g, "==")
    .replace(/!==/g, "!=")
    .replace(/^elif\b/, "if")
    .replace(/^([\p{L}\p{N}_.[\]]+) = \1 ([-+*/|&^]) /u, "$1 $2= ");
  return plain.match(/[\p{L}\p{N}_$]+|[<>=!+\-*/&|^%]+|[^\s\p{L}\p{N}_$]/gu) ?? [];
}

/** The same words in another order, where there is no list whose order counts. */
function isSaidOtherwise(before: readonly string[], after: readonly string[]): boolean {
  return !before.includes(",") && !before.includes("-") && [...before].sort().join(" ") === [...after].sort().join(" ");
}

/** What a line assigns to: another name there would leave the old one without a value. */
function target(line: string): string {
  return /^\s*(?:(?:const|let|var)\s+)?([\p{L}_$][\p{L}\p{N}_$.[\], ]*?)\s*[-+*/&|^]?=(?!=)/u.exec(line)?.[1]?.trim() ?? "";
}

/** The share of tokens that two lines have in common, in order, 0 to 1. */
function likeness(one: readonly string[], other: readonly string[]): number {
  let row = new Array<number>(other.length + 1).fill(0);
  for (const token of one) {
    const next = [0];
    for (const [index, against] of other.entries())
      next.push(token === against ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    row = next;
  }
  return (2 * (row.at(-1) ?? 0)) / Math.max(1, one.length + other.length);
}
