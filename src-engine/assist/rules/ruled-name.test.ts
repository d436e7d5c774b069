import { expect, test } from "vitest";
import { createParsers } from "../../syntax/parser.ts";
import { extraction } from "./python/extract.ts";
import { extractionOf } from "./script/extract.ts";

const parsers = createParsers();

async function named(languageId: string, code: string): Promise<string | undefined> {
  const tree = await parsers.parse(languageId, code);
  if (tree === undefined || tree.rootNode.hasError) throw new Error("It cannot be read.");
  try {
    const find = languageId === "python" ? extraction : extractionOf(true);
    return find(tree.rootNode, code)?.ruledName;
  } finally {
    tree.delete();
  }
}

test.each([
  ["what it makes", "python", "def f(a):\n    total = 0\n    for x in a:\n        total += x\n    return total * 2\n", "compute_total"],
  [
    "what it goes on with",
    "python",
    "def f(items):\n    depth = g()\n    for item in items:\n        depth += 1\n        h(item)\n    return depth * 2\n",
    "update_depth",
  ],
  [
    "what it is given",
    "python",
    "def f(a, items):\n    g()\n    for x in items:\n        h(x)\n        k(x)\n    return a\n",
    "handle_items",
  ],
  [
    "a value",
    "python",
    "def f(a, rows):\n    widest = max(a, 2) * 3 + len(rows) * 4 - sum(rows)\n    return g(widest)\n",
    "compute_widest",
  ],
  [
    "what must not be",
    "python",
    "def f(price, low):\n    if price < low or price > 1000:\n        raise ValueError(price)\n    return price\n",
    "is_invalid_price",
  ],
  ["what is kept", "python", "def f(items, low):\n    return [x for x in items if x > low and x.other < low]\n", "is_wanted_low"],
  [
    "what it makes, with types",
    "typescript",
    "function f(a: number[], b: number): number {\n  let rowTotal = 0;\n  for (const x of a) {\n    rowTotal += x;\n  }\n  return Math.max(rowTotal, b);\n}\n",
    "compute_row_total",
  ],
  [
    "what is left out, with types",
    "typescript",
    "function f(names: string[], most: number): void {\n  for (const name of names) {\n    if (name.length > most || name.includes(' ')) continue;\n    return;\n  }\n}\n",
    "is_skipped_name",
  ],
])("a function that is taken out is named by %s", async (_what, languageId, code, name) => {
  expect(await named(languageId, code)).toBe(name);
});
