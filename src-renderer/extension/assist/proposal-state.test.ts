import { expect, test } from "vitest";
import type { ProposedChange } from "./proposal.ts";
import { createProposalState } from "./proposal-state.ts";

const original = ["a", "b", "c", "d", "e"];
const proposed = ["A", "b", "c", "d", "E"];
const at = ({ changes }: { changes: readonly ProposedChange[] }) => changes.map(({ start, added }) => `${start}:${added.join("")}`);

test("the user's own edits move a proposal, and take their lines out of it", () => {
  const state = createProposalState(original);
  state.propose(proposed);
  expect(at(state.look(original))).toEqual(["0:A", "4:E"]);
  const edited = ["a", "b", "x", "y", "c", "d", "e"];
  expect(at(state.look(edited))).toEqual(["0:A", "6:E"]);
  const same = ["mine", "b", "c", "d", "e"];
  expect(state.look(same)).toMatchObject({ leftOut: 1 });
  expect(at(state.look(same))).toEqual(["4:E"]);
});

test("what was undone is not proposed again, and what was kept is there", () => {
  const state = createProposalState(original);
  state.propose(proposed);
  const [first] = state.look(original).changes;
  if (!first) throw new Error("There is no change.");
  state.undo(original, first);
  expect(at(state.look(original))).toEqual(["4:E"]);
  const after = ["a", "b", "c", "d", "E"];
  state.kept(original, after);
  expect(state.look(after)).toEqual({ changes: [], leftOut: 0 });
  expect(state.look(["a", "b", "c", "d", "E", "f"])).toEqual({ changes: [], leftOut: 0 });
});
