import { doubtsOfRewrite } from "#core/assist/checks/doubts";
import { changesBetween } from "./proposal.ts";

/** Lines beyond this are not aligned while they stream; the finished answer always is. */
const longest = 600;

/** Cost of an old line that is left out; a line that differs, or is new, costs 1. */
const dropped = 0.4;

/**
 * What the selection would be if the answer so far were followed by the rest of the old lines. Without it, an unfinished
 * answer would show everything the model has not reached yet as removed. The rest begins where the lines written so far fit
 * the old ones best.
 */
export function withRestOf(original: readonly string[], soFar: readonly string[]): readonly string[] {
  if (soFar.length === 0) return original;
  if (original.length > longest || soFar.length > longest) return [...soFar, ...original.slice(soFar.length)];
  // Edit distance by lines; only the last row is needed: the cost of matching all written lines with the first n old ones.
  let costs = Array.from({ length: original.length + 1 }, (_, index) => index * dropped);
  for (const [row, line] of soFar.entries()) {
    const next = [row + 1];
    for (let index = 0; index < original.length; index++) {
      const replaced = costs[index]! + (original[index] === line ? 0 : 1);
      next.push(Math.min(replaced, costs[index + 1]! + 1, next[index]! + dropped));
    }
    costs = next;
  }
  let best = 0;
  for (let index = 1; index < costs.length; index++) if (costs[index]! <= costs[best]!) best = index;
  return [...soFar, ...original.slice(best)];
}

/**
 * What can be kept of an answer that was stopped: the changes that were whole by then, with the old lines where the model was writing.
 * The original where nothing was whole, or what there is would be broken.
 */
export function soundPart(original: readonly string[], soFar: readonly string[], languageId: string): readonly string[] {
  const proposed = withRestOf(original, soFar);
  const whole = changesBetween(original, proposed);
  const result = [...original];
  let moved = 0;
  for (const { start, removed, added } of whole) {
    // The change that reaches the last written line may have been going on.
    if (start + moved + added.length >= soFar.length) break;
    result.splice(start + moved, removed, ...added);
    moved += added.length - removed;
  }
  const [before, after] = [original.join("\n"), result.join("\n")];
  const doubts = doubtsOfRewrite({ languageId, original: before, answer: after, stop: "end", instruction: "", elsewhere: "" });
  return doubts.some(({ blocks }) => blocks) ? original : result;
}
