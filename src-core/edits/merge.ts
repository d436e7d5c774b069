import { type Change, diffLines } from "./diff.ts";

/** Lines with the changes of two sides. */
export interface Merged {
  readonly lines: readonly string[];
  /** How many changes of the second side were left out, because the first one changed the same lines. */
  readonly leftOut: number;
}

/** Puts the changes that `theirs` makes to `base` into `mine`, which has changes of its own; where both changed, mine stays. */
export function mergeLines(base: readonly string[], mine: readonly string[], theirs: readonly string[]): Merged {
  const own = diffLines(base, mine);
  const lines: string[] = [];
  let leftOut = 0;
  /** The next line of mine that is to be taken. */
  let at = 0;
  for (const change of diffLines(base, theirs)) {
    const touching = own.filter((one) => touches(one, change));
    if (touching.length > 0) {
      if (!touching.some((one) => isSame(one, change, mine, theirs))) leftOut += 1;
      continue;
    }
    const before = own.filter((one) => one.original.end <= change.original.start);
    const moved = before.reduce((sum, { original, proposed }) => sum + length(proposed) - length(original), 0);
    lines.push(...mine.slice(at, change.original.start + moved), ...theirs.slice(change.proposed.start, change.proposed.end));
    at = change.original.end + moved;
  }
  return { lines: [...lines, ...mine.slice(at)], leftOut };
}

/** Changes next to each other count too: nobody could say in which order their lines belong. */
function touches(one: Change, other: Change): boolean {
  return one.original.start <= other.original.end && other.original.start <= one.original.end;
}

function isSame(one: Change, other: Change, mine: readonly string[], theirs: readonly string[]): boolean {
  return (
    one.original.start === other.original.start &&
    one.original.end === other.original.end &&
    mine.slice(one.proposed.start, one.proposed.end).join("\n") === theirs.slice(other.proposed.start, other.proposed.end).join("\n")
  );
}

function length({ start, end }: { readonly start: number; readonly end: number }): number {
  return end - start;
}
