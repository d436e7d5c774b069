import { expect, test } from "vitest";
import { createParsers } from "../../../syntax/parser.ts";
import { applyRules } from "../edits.ts";
import { simplify } from "./simplify.ts";

const parsers = createParsers();
const inFunction = (...lines: string[]) => `function f(a, b) {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;
const changed = async (lines: readonly string[]) => applyRules(parsers, "typescript", inFunction(...lines), [simplify]);

test.each([
  ["a value kept only to return it", ["const x = a(", "  b,", ");", "return x;"], ["return a(", "  b,", ");"]],
  ["a last return that gives nothing", ["g(a);", "return;"], ["g(a);"]],
  [
    "an if in an else",
    ["if (a) {", "  g();", "} else {", "  if (b) {", "    h();", "  } else {", "    if (a.b) {", "      k();", "    }", "  }", "}"],
    ["if (a) {", "  g();", "} else if (b) {", "  h();", "} else if (a.b) {", "  k();", "}"],
  ],
  [
    "a block around a return",
    ["return a.map((x) => { return x + b; }, (y) => { return { y: y }; });"],
    ["return a.map((x) => x + b, (y) => ({ y }));"],
  ],
  ["a condition turned around", ["if (!(a === b) && a) g();"], ["if (a !== b && a) g();"]],
  ["a name said twice", ["const { a: c, b: b } = a;", "g({ b: b, c });"], ["const { a: c, b } = a;", "g({ b, c });"]],
])("%s", async (_what, before, after) => {
  expect(await changed(before)).toBe(inFunction(...after));
});

test.each([
  ["a function that is called as its variable is", ["const x = () => a;", "return x;"]],
  ["a value that is used again", ["const x = a;", "return x;", "// x", "g(x);"]],
  ["a type that is written", ["const x: Wide = a;", "return x;"]],
  ["a line that would go on", ["const g = () => { return a }", "[b].map(g)"]],
  ["comments", ["g(() => {", "  // why", "  return a;", "});", "// the end", "return;"]],
  ["what comes from the prototype", ["g({ __proto__: __proto__ });"]],
  ["what is compared again", ["return !(a === b) === b;"]],
])("leaves %s", async (_what, lines) => {
  expect(await changed(lines)).toBe(inFunction(...lines));
});
