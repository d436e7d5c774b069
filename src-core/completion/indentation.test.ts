import { describe, expect, test } from "vitest";
import { deepens, keepsDepth } from "./indentation.ts";

describe("the depth of a line of blanks is the user's", () => {
  test.each([
    ["behind a complete statement", "python", "if a:\n    b()\n    ", true],
    ["also when the block was left", "python", "if a:\n        b()\n    ", true],
    ["over blank lines", "python", "    b()\n\n\n    ", true],
    ["not behind an opener", "python", "if a:\n    ", false],
    ["not inside brackets", "python", "call(\n    ", false],
    ["not behind a comma or an operator", "python", "call(a,\n    ", false],
    ["not on an empty line", "python", "    b()\n", false],
    ["not behind words", "python", "    b()\n    c", false],
    ["not at the start", "python", "    ", false],
    ["not where depth says nothing", "typescript", "  promise\n  ", false],
  ])("%s", (_name, languageId, prefix, expected) => expect(keepsDepth(languageId, prefix)).toBe(expected));

  test.each([
    ["    ", "    ", true],
    ["        ", "    ", true],
    ["   ", "    ", false],
    [" else", " ", false],
    ["\t", "\t", false],
  ])("%j for %j", (text, blanks, expected) => expect(deepens(text, blanks)).toBe(expected));
});
