import { expect, test } from "vitest";
import { isUndocumented } from "./light-bulb.ts";

test.each([
  ["typescript", "export function a() {}", 0, true],
  ["typescript", "/** Does it. */\nexport function a() {}", 1, false],
  ["typescript", "function a() {}", 0, false],
  ["python", "def a():\n    return 1", 0, true],
  ["python", 'def a():\n    """Does it."""', 0, false],
  ["python", "def _a():\n    return 1", 0, false],
  ["go", "func Add() {}", 0, true],
  ["go", "// Add adds.\nfunc Add() {}", 1, false],
  ["rust", "pub fn add() {}", 0, true],
] as const)("a declaration that others use, without documentation: %s %j", (languageId, text, line, expected) => {
  const lines = text.split("\n");
  expect(isUndocumented(languageId, (at) => lines[at] ?? "", line)).toBe(expected);
});
