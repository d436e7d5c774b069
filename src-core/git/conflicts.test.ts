import { expect, it } from "vitest";
import { type Conflict, findConflicts, resolveConflict } from "./conflicts.ts";

const lines = (text: string) => text.split("\n");
const both = lines("a\n<<<<<<< HEAD\nours\n||||||| base\nwas\n=======\ntheirs\nmore\n>>>>>>> other\nb");

it("finds both sides, with and without what was there before", () => {
  expect(findConflicts(both)).toEqual([{ start: 1, base: 3, middle: 5, end: 8 }]);
  expect(findConflicts(lines("<<<<<<< a\n=======\n>>>>>>> b\n<<<<<<< c\nx\n=======\n>>>>>>> d"))).toHaveLength(2);
});

it("takes headings and marks without their other half for what they are", () => {
  expect(findConflicts(lines("Title\n=======\ntext\n>>>>>>> quoted"))).toEqual([]);
  expect(findConflicts(lines("<<<<<<< a\n>>>>>>> b"))).toEqual([]);
  expect(findConflicts(lines("<<<<<<< a\nx\n<<<<<<< b\ny\n=======\nz\n>>>>>>> c"))).toEqual([
    { start: 2, middle: 4, end: 6, base: undefined },
  ]);
});

it("takes one side or both", () => {
  const [conflict] = findConflicts(both);
  const taken = (side: Parameters<typeof resolveConflict>[2]) => resolveConflict(both, conflict as Conflict, side);
  expect(taken("current")).toEqual(["ours"]);
  expect(taken("incoming")).toEqual(["theirs", "more"]);
  expect(taken("both")).toEqual(["ours", "theirs", "more"]);
});
