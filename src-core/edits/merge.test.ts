import { expect, test } from "vitest";
import { mergeLines } from "./merge.ts";

const merge = (base: string, mine: string, theirs: string) => {
  const { lines, leftOut } = mergeLines([...base], [...mine], [...theirs]);
  return [lines.join(""), leftOut];
};

test.each([
  ["nothing of mine", "abcdef", "abcdef", "aXcdef", "aXcdef", 0],
  ["apart", "abcdef", "abcdeY", "aXcdef", "aXcdeY", 0],
  ["mine longer, before", "abcdef", "1234abcdef", "abcdXf", "1234abcdXf", 0],
  ["mine shorter, before", "abcdef", "cdef", "abcdef1", "cdef1", 0],
  ["the same line", "abcdef", "aMcdef", "aTcdXf", "aMcdXf", 1],
  ["the same change", "abcdef", "aXcdef", "aXcdef", "aXcdef", 0],
  ["the same change and another", "abcdef", "aXcdef", "aXcdYf", "aXcdYf", 0],
  ["next to each other", "abcdef", "aMcdef", "abTdef", "aMcdef", 1],
  ["all gone", "abc", "", "aXc", "", 1],
])("changes of two sides: %s", (_name, base, mine, theirs, merged, leftOut) =>
  expect(merge(base, mine, theirs)).toEqual([merged, leftOut]),
);
