import { expect, test } from "vitest";
import { createParsers } from "../../../syntax/parser.ts";
import { withEdits } from "../edits.ts";
import { extractionOf } from "./extract.ts";

const parsers = createParsers();

async function extracted(code: string, languageId = "javascript"): Promise<string> {
  const tree = await parsers.parse(languageId, code);
  if (tree === undefined || tree.rootNode.hasError) throw new Error("It cannot be read.");
  try {
    const found = extractionOf(languageId === "typescript")(tree.rootNode, code);
    return found === undefined ? code : withEdits(code, found.edits("part"));
  } finally {
    tree.delete();
  }
}

/** A function of two parameters around lines. */
const inFunction = (...lines: string[]) => `function f(a, b) {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;

test.each([
  [
    "a loop, with what it begins with and what it leaves",
    "/** Counts. */\nexport function f(items, key) {\n  const counts = new Map();\n  for (const item of items) {\n    counts.set(item, key);\n  }\n  return [...counts.keys()].sort();\n}\n",
    "/** Counts. */\nexport function f(items, key) {\n  const counts = part(items, key);\n  return [...counts.keys()].sort();\n}\n\nfunction part(items, key) {\n  const counts = new Map();\n  for (const item of items) {\n    counts.set(item, key);\n  }\n  return counts;\n}\n",
  ],
  [
    "what is gone through each time begins with what it ended with",
    inFunction("let n = 0;", "for (const x of a) {", "  if (x) {", "    n += 1;", "    h(x);", "  }", "  k(n);", "}", "return [n, b];")
      .replace("return", "await g();\n  return")
      .replace("function", "async function"),
    "async function f(a, b) {\n  const n = part(a);\n  await g();\n  return [n, b];\n}\n\nfunction part(a) {\n  let n = 0;\n  for (const x of a) {\n    if (x) {\n      n += 1;\n      h(x);\n    }\n    k(n);\n  }\n  return n;\n}\n",
  ],
  [
    "what waits stays where it is",
    "const f = async (a) => {\n  let n = 0;\n  for (const x of a) {\n    if (x.y) {\n      n += x.y;\n      h(x);\n    }\n    await g(n);\n  }\n};\n",
    "const f = async (a) => {\n  let n = 0;\n  for (const x of a) {\n    n = part(x, n);\n    await g(n);\n  }\n};\n\nfunction part(x, n) {\n  if (x.y) {\n    n += x.y;\n    h(x);\n  }\n  return n;\n}\n",
  ],
  [
    "a condition",
    inFunction("if (a.length > 3 && a[0] !== b) {", "  return a;", "}", "return b.map((x) => x + 1);"),
    "function f(a, b) {\n  if (part(a, b)) {\n    return a;\n  }\n  return b.map((x) => x + 1);\n}\n\nfunction part(a, b) {\n  return a.length > 3 && a[0] !== b;\n}\n",
  ],
  [
    "no semicolons where there are none, but for one that is needed",
    "function f(a) {\n  g()\n  for (const x of a) {\n    h(x)\n    k(x)\n  }\n  ;[1].map(g)\n}\n".replace("  ;[", "  ["),
    "function f(a) {\n  g()\n  part(a);\n  [1].map(g)\n}\n\nfunction part(a) {\n  for (const x of a) {\n    h(x)\n    k(x)\n  }\n}\n",
  ],
])("%s", async (_what, before, after) => {
  expect(await extracted(before)).toBe(after);
});

test("types are written where they are known", async () => {
  const code =
    "export function f(items: readonly Item[], low: number): number {\n  let total = 0;\n  for (const item of items) {\n    if (item.price > low) total += item.price;\n  }\n  return Math.round(total);\n}\n";
  expect(await extracted(code, "typescript")).toBe(
    "export function f(items: readonly Item[], low: number): number {\n  const total = part(items, low);\n  return Math.round(total);\n}\n\nfunction part(items: readonly Item[], low: number) {\n  let total = 0;\n  for (const item of items) {\n    if (item.price > low) total += item.price;\n  }\n  return total;\n}\n",
  );
  const unknown = code.replace("low: number", "{ low }: Limits");
  expect(await extracted(unknown, "typescript")).toBe(unknown);
  const narrowed = code.replace("low: number", "low: number | undefined");
  expect(await extracted(narrowed, "typescript")).toBe(narrowed);
  const generic = code.replace("function f(", "function f<Item extends Priced>(");
  expect(await extracted(generic, "typescript")).toBe(generic);
});

test.each([
  ["Math.max(a.length, 2)", "number"],
  ["parts.length - 1", "number"],
  ["(parts.length + 1) * step()", "number"],
  ["a.trim().toLowerCase()", "string"],
  ["a + 2", "string"],
  ['a === "" ? "none" : a', "string"],
  ["a.length > 2 && !a", "boolean"],
  ["/^x/.test(a)", "boolean"],
  ['a.split(",")', "string[]"],
  ["parts.join()", "string"],
  ["low", "number"],
])("a type is known by its value: %s", async (value, type) => {
  const code = `function f(a: string, parts: readonly string[], { low }: { low: number; high?: number }): void {\n  const v = ${value};\n  h();\n  for (const p of parts) {\n    g(v, p);\n    h();\n  }\n  k(a);\n}\n`;
  expect(await extracted(code, "typescript")).toContain(`v: ${type}) {`);
});

test.each([["a.at(0)"], ["unknown()"], ["3n * step()"], ["a || 2"], ["parts.slice(1)[0]"], ["Math.max(1, 2)", "Math: Own"]])(
  "and not by %s",
  async (value, more = "b: number") => {
    const code = `function f(a: string, parts: readonly string[], ${more}): void {\n  const v = ${value};\n  h();\n  for (const p of parts) {\n    g(v, p);\n    h();\n  }\n  k(a);\n}\n`;
    expect(await extracted(code, "typescript")).toBe(code);
  },
);

test("a list that is taken apart at once stays", async () => {
  const code =
    "function f(a: string, b: boolean): string {\n  const [c, d] = b ? [a.trim(), a] : [a.toLowerCase(), a];\n  return g(c, d);\n}\n";
  expect(await extracted(code, "typescript")).toBe(code);
  expect(await extracted(code.replace("[c, d]", "c"), "typescript")).toContain("const c = part(b, a);");
});

test("a condition that tells something of types stays", async () => {
  const code =
    "function f(a: string | undefined, b: number): number {\n  if (a !== undefined && a.length > b) {\n    return a.length;\n  }\n  return b;\n}\n";
  expect(await extracted(code, "typescript")).toBe(code);
  expect(await extracted(code.replace(" | undefined", ""), "typescript")).toContain("if (part(a, b))");
});

const loop = (...lines: string[]) => ["g();", "for (const x of a) {", ...lines.map((line) => `  ${line}`), "}", "return k(b);"];

test.each([
  ["what leaves the function", loop("h();", "return x;")],
  ["what leaves a loop around it", ["while (a) {", "  g();", "  if (b) {", "    h();", "    break;", "  }", "  await a;", "}", "k();"]],
  [
    "what goes on with another loop",
    ["outer: for (const y of b) {", "  for (const x of a) {", "    h();", "    continue outer;", "  }", "}", "k();"],
  ],
  [
    "what is caught half way",
    ["let n = 0;", "try {", "  for (const x of a) {", "    n += x;", "    h();", "  }", "} catch {", "  return n;", "}", "k();"],
  ],
  ["two results", ["let n = 0;", "let m = 0;", "for (const x of a) {", "  n += x;", "  m -= x;", "}", "return [n, m];"]],
  [
    "what another function sees change",
    ["let n = 0;", "const h = () => n;", "for (const x of a) {", "  n += x;", "  h();", "}", "return k(n);"],
  ],
  [
    "what another function changes",
    ["let n = 0;", "const h = () => n++;", "for (const x of a) {", "  k(n);", "  h();", "}", "return k(b);"],
  ],
  ["what is this function's own", loop("h(this);", "k(x);")],
  ["what reads its arguments", loop("h(arguments[x]);", "k(x);")],
  ["a function of its own", ["function h() {}", ...loop("h(x);", "k(x);")]],
  ["a name for all of the function", ["g(n);", "for (var n of a) {", "  h(n);", "  k(n);", "}", "return k(b);"]],
  ["all of a function", ["for (const x of a) {", "  h(x);", "  k(x);", "}"]],
  ["what begins with a directive", ['"use strict";', ...loop("h(x);", "k(x);")]],
  ["a text over several lines", loop("h(`", "`);")],
])("leaves %s", async (_what, lines) => {
  const code = inFunction(...lines).replace(/^function/, lines.some((line) => line.includes("await")) ? "async function" : "function");
  expect(await extracted(code)).toBe(code);
});

test.each([
  ["a method", "class A {\n  f(a) {\n    g();\n    for (const x of a) {\n      h(x);\n      k(x);\n    }\n    g();\n  }\n}\n"],
  ["a function in a call", "g((a) => {\n  g();\n  for (const x of a) {\n    h(x);\n    k(x);\n  }\n  g();\n});\n"],
  ["what yields", "function* f(a) {\n  g();\n  for (const x of a) {\n    h(x);\n    yield x;\n  }\n  g();\n}\n"],
])("leaves %s", async (_what, code) => {
  expect(await extracted(code)).toBe(code);
});
