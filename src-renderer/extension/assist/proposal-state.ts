import { mergeLines } from "#core/edits/merge";
import { changesBetween, type ProposedChange } from "./proposal.ts";

/** What is proposed for lines that go on changing under it: the user edits them, and keeps or undoes parts of the proposal. */
export interface ProposalState {
  /** Another proposal for the lines as they were when it was asked for. */
  propose(lines: readonly string[]): void;
  /** Where the proposal differs from the lines as they are now, and how much of it no longer fits. */
  look(current: readonly string[]): { readonly changes: ProposedChange[]; readonly leftOut: number };
  /** A change is no longer proposed. */
  undo(current: readonly string[], change: ProposedChange): void;
  /** A change was made: the lines are `after` now. */
  kept(current: readonly string[], after: readonly string[]): void;
}

/** Creates the state for lines that a proposal was asked for. */
export function createProposalState(original: readonly string[]): ProposalState {
  let base = original;
  let theirs = original;

  return {
    propose(lines) {
      theirs = lines;
    },
    look(current) {
      const { lines, leftOut } = mergeLines(base, current, theirs);
      return { changes: changesBetween(current, lines), leftOut };
    },
    undo(current, change) {
      const others = changesBetween(current, mergeLines(base, current, theirs).lines).filter((one) => !isSame(one, change));
      base = current;
      theirs = withChanges(current, others);
    },
    kept(current, after) {
      theirs = mergeLines(base, current, theirs).lines;
      base = after;
    },
  };
}

function isSame(one: ProposedChange, other: ProposedChange): boolean {
  return one.start === other.start && one.removed === other.removed && one.added.join("\n") === other.added.join("\n");
}

/** Lines with changes made in them. */
function withChanges(lines: readonly string[], changes: readonly ProposedChange[]): readonly string[] {
  const result = [...lines];
  for (const { start, removed, added } of [...changes].sort((a, b) => b.start - a.start)) result.splice(start, removed, ...added);
  return result;
}
