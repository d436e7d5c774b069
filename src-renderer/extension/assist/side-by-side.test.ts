import { expect, it } from "vitest";
import { withChanges } from "./side-by-side.ts";

it("puts changes of a block into the document, whatever they add or take away", () => {
  const lines = ["a", "b", "c", "d"];
  expect(
    withChanges(lines, 2, [
      { start: 0, removed: 1, added: ["B", "BB"] },
      { start: 2, removed: 1, added: [] },
      { start: 3, removed: 0, added: ["e"] },
    ]),
  ).toEqual(["a", "B", "BB", "c", "e"]);
  expect(withChanges(lines, 2, [])).toEqual(lines);
});
