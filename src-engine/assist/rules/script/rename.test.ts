import { expect, test } from "vitest";
import { createParsers } from "../../../syntax/parser.ts";
import { withEdits } from "../edits.ts";
import { renameable, renamed } from "./rename.ts";

const parsers = createParsers();

async function withNames(code: string, names: Readonly<Record<string, string>>, languageId = "typescriptreact") {
  const tree = await parsers.parse(languageId, code);
  if (tree === undefined || tree.rootNode.hasError) throw new Error("It cannot be read.");
  try {
    return { names: renameable(tree.rootNode), text: withEdits(code, renamed(tree.rootNode, new Map(Object.entries(names)))) };
  } finally {
    tree.delete();
  }
}

test.each([
  [
    "what is declared, also in functions that see it",
    "export function f(a: number[]) {\n  let t = 0;\n  a.forEach((x) => {\n    t += x.t + b.t;\n  });\n  return t;\n}\n",
    { t: "total", x: "item" },
    "export function f(a: number[]) {\n  let total = 0;\n  a.forEach((x) => {\n    total += x.t + b.t;\n  });\n  return total;\n}\n",
  ],
  [
    "properties keep their names",
    "const f = (o) => {\n  const { a, b: c, d = a, ...r } = o;\n  return { a, c, r, a: o.a };\n};\n",
    { a: "first", c: "second", d: "third", r: "others" },
    "const f = (o) => {\n  const { a: first, b: second, d: third = first, ...others } = o;\n  return { a: first, c: second, r: others, a: o.a };\n};\n",
  ],
  [
    "loops, and names in the style of the language",
    "function f(o) {\n  for (const [k, v] of Object.entries(o)) g(k + 1);\n  for (let k = 0; k < 3; k++) g(k);\n}\n",
    { k: "entry_key" },
    "function f(o) {\n  for (const [entryKey, v] of Object.entries(o)) g(entryKey + 1);\n  for (let entryKey = 0; entryKey < 3; entryKey++) g(entryKey);\n}\n",
  ],
])("%s", async (_what, before, names, after) => {
  expect((await withNames(before, names)).text).toBe(after);
});

test.each([
  ["a parameter, also of another function", "function f(x) {\n  return x.map((y) => y);\n}\n"],
  ["a name that means something else elsewhere", "function f(a) {\n  if (a) {\n    const x = 1;\n    g(x);\n  }\n  return x;\n}\n"],
  ["what a parameter begins with", "function f(a = x) {\n  var x = 1;\n  return a + x;\n}\n"],
  ["a parameter of another function with the same name", "function f() {\n  const x = 1;\n  return [x, (x) => x];\n}\n"],
  ["what is caught", "function f() {\n  try {\n    g();\n  } catch (x) {\n    h(x);\n  }\n}\n"],
  [
    "a function that is called as its variable is",
    "function f() {\n  const x = () => 1;\n  let y;\n  y = class {};\n  return [x, y];\n}\n",
  ],
  ["what may be looked up", "function f() {\n  const x = 1;\n  return eval('x');\n}\n"],
  ["a name by which values are found", "function f() {\n  const x = 1;\n  return arguments[x];\n}\n"],
  ["an element", "function f() {\n  const x = g();\n  return <x />;\n}\n"],
  ["constants and what is marked", "function f() {\n  const MAX = 1;\n  const _x = 2;\n  return MAX + _x;\n}\n"],
  ["what other files see", "export const x = 1;\nexport const y = [x];\n"],
])("leaves %s", async (_what, code) => {
  const { names } = await withNames(code, {});
  expect(names).toEqual([]);
});

test.each([
  ["is taken", { x: "items" }],
  ["means something", { x: "class" }],
  ["is one of a page's own", { x: "open" }],
  ["is no name", { x: "a b" }],
  ["two would have", { x: "other", y: "other" }],
])("a name that %s is not given", async (how, names) => {
  const code = "function f(items) {\n  const x = 1;\n  const y = 2;\n  return items[x + y];\n}\n";
  const { text } = await withNames(code, names);
  expect(text).toBe(how === "two would have" ? code.replace(/\bx\b/g, "other") : code);
});

test("with `with` nothing is sure", async () => {
  const code = "function f(o) {\n  const x = 1;\n  with (o) {\n    g(x);\n  }\n}\n";
  expect((await withNames(code, {}, "javascript")).names).toEqual([]);
});
