import { expect, test } from "vitest";
import { wishesOf } from "./wishes.ts";

test.each([
  ["use clearer names for the local variables", ["names"]],
  ["Use early returns in place of nested conditions.", ["early-returns"]],
  ["flatten this", ["early-returns"]],
  ["extract a helper function where it makes this easier to read", ["helper"]],
  ["write it more concisely", ["concise"]],
  ["make it shorter and easier to read", ["concise"]],
  ["use guard clauses, and better names", ["early-returns", "names"]],
])("“%s” is something that rules can do", (instruction, wishes) => {
  expect(wishesOf(instruction)).toEqual(wishes);
});

test.each([
  "",
  "use early returns and log each error",
  "extract the loop into a function called parse",
  "rename `x` to count",
  "rename the_list to something better",
  "make it shorter but keep the comments",
  "split lines 3 to 9 out as a function",
])("“%s” is not all that rules do", (instruction) => {
  expect(wishesOf(instruction)).toEqual([]);
});
