import { expect, test } from "vitest";
import { createParsers } from "../../../syntax/parser.ts";
import { withEdits } from "../edits.ts";
import { extraction } from "./extract.ts";

const parsers = createParsers();

async function extracted(code: string): Promise<string> {
  const tree = await parsers.parse("python", code);
  if (tree === undefined) throw new Error("There is no grammar.");
  try {
    const found = extraction(tree.rootNode, code);
    return found === undefined ? code : withEdits(code, found.edits("part"));
  } finally {
    tree.delete();
  }
}

test.each([
  [
    "a loop, with what it begins with and what it leaves",
    "def f(items, key):\n    counts = {}\n    for item in items:\n        counts[item] = key\n    return sorted(counts), key\n",
    "def part(items, key):\n    counts = {}\n    for item in items:\n        counts[item] = key\n    return counts\n\n\ndef f(items, key):\n    counts = part(items, key)\n    return sorted(counts), key\n",
  ],
  [
    "what is gone through each time begins with what it ended with",
    "@cached\ndef f(items):\n    depth = 0\n    for item in items:\n        if item:\n            depth += 1\n            h(item)\n        yield item\n",
    "def part(item, depth):\n    if item:\n        depth += 1\n        h(item)\n    return depth\n\n\n@cached\ndef f(items):\n    depth = 0\n    for item in items:\n        depth = part(item, depth)\n        yield item\n",
  ],
  [
    "a condition, with the names of a comprehension around it",
    "def f(items, low):\n    return [x for x in items if x > low and x.other < low]\n",
    "def part(x, low):\n    return x > low and x.other < low\n\n\ndef f(items, low):\n    return [x for x in items if part(x, low)]\n",
  ],
])("%s", async (_what, before, after) => {
  expect(await extracted(before)).toBe(after);
});

test.each([
  ["what leaves the function", "def f(a):\n    g()\n    for x in a:\n        h()\n        return x\n    return k()\n"],
  [
    "what leaves a loop around it",
    "def f(a):\n    while a:\n        g()\n        if h:\n            k()\n            break\n        yield a\n    return k()\n",
  ],
  [
    "what is caught half way",
    "def f(a):\n    x = 0\n    try:\n        for y in a:\n            x += y\n            g()\n    except E:\n        return x\n    return 1\n",
  ],
  ["two results", "def f(a):\n    x = 0\n    y = 0\n    for z in a:\n        x += z\n        y -= z\n    return x, y\n"],
  [
    "a name that may not be set",
    "def f(a):\n    if a:\n        x = 1\n    g()\n    for y in a:\n        h(x)\n        g(y)\n    return 1\n",
  ],
  ["a method", "def f(self, a):\n    g()\n    for x in a:\n        h(x)\n        k(x)\n    return 1\n"],
  ["what yields", "def f(a):\n    g()\n    for x in a:\n        h(x)\n        yield x\n    g()\n"],
  [
    "what another function sees",
    "def f(a):\n    x = 0\n    def g():\n        return x\n    for y in a:\n        x += y\n        h()\n    return g()\n",
  ],
  ["all of a function", "def f(a):\n    for x in a:\n        h(x)\n        k(x)\n"],
])("leaves %s", async (_what, code) => {
  expect(await extracted(code)).toBe(code);
});
