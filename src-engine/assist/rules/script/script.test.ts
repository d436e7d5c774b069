import { expect, test } from "vitest";
import { createParsers } from "../../../syntax/parser.ts";
import { applyRules } from "../edits.ts";
import { concise } from "./concise.ts";
import { earlyReturns } from "./early-returns.ts";

const parsers = createParsers();
const inFunction = (...lines: string[]) => `function f(a, b) {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;
const changed = async (lines: readonly string[], exactly = false) =>
  applyRules(parsers, "javascript", inFunction(...lines), [earlyReturns(exactly), concise]);

test.each([
  [
    "no else after a way out",
    ["if (a) return 1;", "else if (b) {", "  throw a;", "} else {", "  // last", "  g();", "  h();", "}"],
    ["if (a) return 1;", "if (b) {", "  throw a;", "}", "// last", "g();", "h();"],
  ],
  [
    "the short way first",
    ["if (a === 1 && b) {", "  g();", "  h();", "} else {", "  return [];", "}"],
    ["if (a !== 1 || !b) {", "  return [];", "}", "g();", "h();"],
  ],
  [
    "nested conditions as one",
    ["for (const x of a) {", "  if (x || b) {", "    if (x.y) {", "      g(x);", "    }", "  }", "}"],
    ["for (const x of a) {", "  if ((x || b) && x.y) {", "    g(x);", "  }", "}"],
  ],
  [
    "a guard in a loop",
    ["while (b()) {", "  if (!a) {", "    g();", "    h();", "  }", "}"],
    ["while (b()) {", "  if (a) continue;", "  g();", "  h();", "}"],
  ],
  [
    "a guard in a function",
    ["if (a.length > 0) {", "  const x = g();", "  h(x);", "}"],
    ["if (a.length <= 0) return;", "const x = g();", "h(x);"],
  ],
  ["a choice", ["if (a) {", "  b = 1;", "} else {", "  b = 2;", "}", "g(b);"], ["b = a ? 1 : 2;", "g(b);"]],
  ["a condition itself", ["if (a === b) {", "  return true;", "}", "return false;"], ["return a === b;"]],
  ["what is added", ["a = a + b * 2;", "return a;"], ["a += b * 2;", "return a;"]],
])("%s", async (_what, before, after) => {
  expect(await changed(before)).toBe(inFunction(...after));
});

test("where values may have no order, a comparison is not turned around", async () => {
  expect(await changed(["if (a > b) {", "  g();", "  h();", "}"], true)).toContain("if (!(a > b)) return;");
});

test.each([
  ["a name that would meet another", ["const x = 1;", "if (a) {", "  const x = 2;", "  g(x);", "}"]],
  ["a text over several lines", ["if (a) {", "  g();", "  h(`", "`);", "}"]],
  ["a comment without a place", ["if (a) {", "  return 1;", "}", "// otherwise", "else {", "  g();", "  h();", "}"]],
  ["what has something behind it", ["if (a) {", "  g();", "  h();", "}", "k();"]],
])("leaves %s", async (_what, lines) => {
  expect(await changed(lines)).toBe(inFunction(...lines));
});
