import { expect, test } from "vitest";
import { branchTitle } from "./branch-title.ts";

test.each([
  ["Sum of prices", [], "Sum of prices (branch)"],
  ["Sum of prices", ["Sum of prices (branch)"], "Sum of prices (branch 2)"],
  ["Sum of prices (branch)", ["Sum of prices (branch)"], "Sum of prices (branch 2)"],
  ["Sum of prices (branch 2)", ["Sum of prices (branch)", "Sum of prices (branch 2)"], "Sum of prices (branch 3)"],
  ["About (branch) names", [], "About (branch) names (branch)"],
])("a branch of %s, beside %j", (title, taken: string[], expected) =>
  expect(branchTitle(title, (one) => taken.includes(one))).toBe(expected),
);
