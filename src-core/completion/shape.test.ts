import { describe, expect, test } from "vitest";
import { shapeAt } from "./shape.ts";

describe("one line or a block", () => {
  test.each([
    ["a blank line", "a = 1\n    ", "\nb = 2", "block"],
    ["an empty document", "", "", "block"],
    ["the end of a line of code", "a = ", "\nb = 2", "line"],
    ["after an opening brace", "if (x) {", "\nrest", "block"],
    ["after a colon", "def f():", "\n", "block"],
    ["after an arrow", "const f = () =>", "\n", "block"],
    ["between braces", "function f() {", "}\n", "block"],
    ["between braces with a blank", "function f() { ", " }\n", "block"],
    ["inside parentheses", "call(", ");\n", "line"],
    ["before closers and quotes", "call('", "');\n", "line"],
    ["before a semicolon", "const x = ", ";\n", "line"],
    ["blanks to the right are nothing", "a = ", "   \nb", "line"],
    ["with Windows line ends", "def f():", "\r\nrest", "block"],
    ["after a colon with the block below", "if a:\n    b()\nelse:", "\n    c()\n", "line"],
    ["after an opening bracket before deeper lines", "    if text[", "\n        go()\n", "line"],
    ["on a blank line as deep as the next", "def f():\n    ", "\n    b()\n", "block"],
    ["after a colon before a line as deep", "def f():\n    if a:", "\n    b()\n", "block"],
    ["in the middle of a word", "na", "me = 1\n", "none"],
    ["before further code", "x = ", " + 1\n", "none"],
    ["before an argument", "call(a, ", ", c)\n", "none"],
  ] as const)("%s", (_name, prefix, suffix, shape) => expect(shapeAt(prefix, suffix, "automatic")).toBe(shape));

  test("by hand it goes everywhere, as one line", () => {
    expect(shapeAt("na", "me = 1\n", "manual")).toBe("line");
    expect(shapeAt("x = ", " + 1\n", "manual")).toBe("line");
  });
});
