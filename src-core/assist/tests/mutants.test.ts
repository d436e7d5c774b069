import { expect, test } from "vitest";
import { mutantsOf } from "./mutants.ts";

test("each mutant has one mistake, and texts and comments stay", () => {
  const code = 'def f(a, b):\n    # a < b\n    if a < b and a != 1:\n        return "a < b"\n    return a + b == 2';
  const mutants = mutantsOf(code, "python", 20);
  expect(mutants).toContain(code.replace("if a < b", "if a <= b"));
  expect(mutants).toContain(code.replace(" and ", " or "));
  expect(mutants).toContain(code.replace("a != 1", "a == 1"));
  expect(mutants).toContain(code.replace("a + b ==", "a - b =="));
  expect(mutants).toContain(code.replace("b == 2", "b != 2"));
  expect(mutants).toContain(code.replace("== 2", "== 3"));
  expect(mutants.every((mutant) => mutant !== code && mutant.includes('"a < b"') && mutant.includes("# a < b"))).toBe(true);
  expect(mutantsOf(code, "python", 2)).toHaveLength(2);
});

test("the larger of two is exchanged for the smaller", () => {
  expect(mutantsOf("total = max(0, total)", "python", 5)).toContain("total = min(0, total)");
  expect(mutantsOf("total = Math.min(a, b);", "javascript", 5)).toEqual(["total = Math.max(a, b);"]);
});

test("triple signs of JavaScript keep their kind", () => {
  expect(mutantsOf("a === b", "javascript", 5)).toEqual(["a !== b"]);
  expect(mutantsOf("a !== b", "javascript", 5)).toEqual(["a === b"]);
  expect(mutantsOf("words", "plaintext", 5)).toEqual([]);
});
