import { expect, test } from "vitest";
import { insertionOf } from "./insertion.ts";

test.each([
  ["values);", 0, "\n", "values);"],
  ["values);", 2, ");\n", "values"],
  ["values);", 1, ")\n", "values"],
  ["f(x))", 1, ")", "f(x)"],
  ["\n  return a;\n}", 1, "}\n", "\n  return a;\n"],
  [")", 1, ")", ""],
  ["", 0, ")", ""],
])("of %j, which replaces %i of %j", (text, replaces, suffix, inserted) => {
  expect(insertionOf({ text, replaces }, suffix)).toBe(inserted);
});
