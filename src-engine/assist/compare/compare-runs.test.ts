import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { compareRuns } from "./compare-runs.ts";

const hasPython = process.platform !== "win32" && spawnSync("python3", ["--version"]).status === 0;
const verdictOf = async (original: string, text: string) => (await compareRuns({ languageId: "python", original, texts: [text] }))[0];

describe.skipIf(!hasPython)("functions before and after a change", { timeout: 120_000 }, () => {
  test("are the same where they give, print and change the same", async () => {
    const before = "def last(items):\n    if len(items) == 0:\n        return None\n    else:\n        return items[-1]\n";
    expect(await verdictOf(before, "def last(items):\n    return items[-1] if items else None\n")).toMatchObject({ verdict: "same" });
    expect(await verdictOf(before, "def last(items):\n    return items.pop() if items else None\n")).toMatchObject({
      verdict: "different",
    });
    expect(
      await verdictOf(before, `${before.replace("        return items", "        print(items)\n        return items")}`),
    ).toMatchObject({
      verdict: "different",
    });
  });

  test("differ where one input shows it, which is said", async () => {
    const before = "def double(number: int) -> int:\n    return number * 2\n";
    expect(await verdictOf(before, before.replace("* 2", "** 2"))).toEqual({
      verdict: "different",
      why: expect.stringMatching(/^double\(-?\d+\) came to -?\d+, and now to \d+\.$/),
    });
    const root = "def root(number: int):\n    import math\n    return math.floor(number)\n";
    expect(await verdictOf(root, root.replace("    import math\n", ""))).toEqual({
      verdict: "different",
      why: "There is no “math” that root could use.",
    });
  });

  test("differ where only arguments that are nearly the same show it", async () => {
    const before =
      "def common(a, b):\n    if not a or not b:\n        return ''\n    if a[0] == b[0]:\n        return a[0] + common(a[1:], b[1:])\n    return max(common(a, b[1:]), common(a[1:], b), key=len)\n";
    const exchanged = before.replace("common(a, b[1:]), common(a[1:], b)", "common(a[1:], b), common(a, b[1:])");
    expect(await verdictOf(before, exchanged)).toMatchObject({ verdict: "different" });
  });

  test("with objects of which only attributes are known, and with other functions of the file", async () => {
    const before =
      "def value(node):\n    return node.next\n\n\ndef length(node):\n    count = 0\n    while node is not None:\n        node = value(node)\n        count = count + 1\n    return count\n";
    expect(await verdictOf(before, before.replace("count = count + 1", "count += 1"))).toMatchObject({ verdict: "same" });
    expect(await verdictOf(before, before.replace("count = count + 1", "count = 1"))).toMatchObject({ verdict: "different" });
  });

  test.each([
    [
      "weights of edges by pairs of nodes",
      "def shortest_paths(source, weight_by_edge):\n    found = {v: float('inf') for u, v in weight_by_edge}\n    found[source] = 0\n    for i in range(len(found) - 1):\n        for (u, v), weight in weight_by_edge.items():\n            found[v] = min(found[u] + weight, found[v])\n    return found\n",
      ["for i in", "for _ in"],
      ["+ weight", "- weight"],
    ],
    [
      "lengths looked up by pairs of objects, with a heap of them",
      "from heapq import *\n\n\ndef path_length(length_by_edge, start, goal):\n    waiting = [(0, start)]\n    visited = set()\n    while len(waiting) > 0:\n        distance, node = heappop(waiting)\n        if node is goal:\n            return distance\n        visited.add(node)\n        for other in node.successors:\n            if other not in visited:\n                heappush(waiting, (distance + length_by_edge[node, other], other))\n    return float('inf')\n",
      ["while len(waiting) > 0:", "while waiting:"],
      ["return distance", "return distance + 1"],
    ],
    [
      "objects in sets and as keys",
      "def reachable(node):\n    seen = {node}\n    stack = [node]\n    order = {}\n    while stack:\n        for other in set(stack.pop().children):\n            order[other] = order.get(other, 0) + 1\n            if other not in seen:\n                seen.add(other)\n                stack.append(other)\n    return list(order.items()), list(seen)\n",
      ["while stack:", "while len(stack) > 0:"],
      ["+ 1", "+ 2"],
    ],
    [
      "objects that the code makes, in a circle",
      "class Node:\n    def __init__(self, name):\n        self.name = name\n        self.next = None\n\n\ndef ring(names):\n    nodes = [Node(name) for name in names]\n    for one, other in zip(nodes, nodes[1:] + nodes[:1]):\n        one.next = other\n    return {one for one in nodes}\n",
      ["{one for one in nodes}", "set(nodes)"],
      ["{one for one in nodes}", "set(nodes[:1])"],
    ],
    [
      "objects without a class",
      "from types import SimpleNamespace\n\n\ndef named(names):\n    made = [SimpleNamespace(name=name, size=len(name)) for name in names]\n    return [(each.name, each.size + 1) for each in made]\n",
      ["each.size + 1", "1 + each.size"],
      ["each.size + 1", "each.size + 2"],
    ],
  ] as const)("of graphs are compared: %s", async (_what, before, same, other) => {
    expect(await verdictOf(before, before.replace(same[0], same[1]))).toMatchObject({ verdict: "same" });
    expect(await verdictOf(before, before.replace(other[0], other[1]))).toMatchObject({ verdict: "different" });
  });

  test("what makes functions and code is not to be had with objects without a class", async () => {
    const before = "from types import FunctionType\n\n\ndef made(number):\n    return FunctionType\n";
    expect((await verdictOf(before, before.replace("return F", "return  F or F")))?.verdict).toBe("unknown");
  });

  test.each([
    ["a file", "it uses open", "def read(path):\n    return open(path).read()\n"],
    ["another module", "it uses os", "import os\n\n\ndef name(path):\n    return os.path.basename(path)\n"],
    ["frames", "it uses gi_frame", "def frame(number):\n    def inner():\n        yield number\n    return inner().gi_frame\n"],
    ["classes of everything", "it uses __subclasses__", "def all(number):\n    return number.__class__.__base__.__subclasses__()\n"],
    ["a module in a module", "no arguments", "import enum\n\n\ndef modules(number):\n    return enum.sys.modules\n"],
    ["text as code", "it uses eval", "def run(text):\n    return eval(text)\n"],
    ["names by text", "no arguments", "import operator\n\n\ndef get(number):\n    return operator.attrgetter('__class__')(number)\n"],
    [
      "what is met only in another branch",
      "“return 1”",
      "def later(number):\n    if number == 123456789:\n        return 1\n    return 2\n",
    ],
  ])("are not run where they may reach %s, or nothing can be said", async (_what, why, before) => {
    expect(await verdictOf(before, `${before.trimEnd()} or None\n`)).toEqual({ verdict: "unknown", why: expect.stringContaining(why) });
  });

  test("what never ends is ended, and so is what takes all memory", async () => {
    const before = "def count(number: int):\n    return number\n";
    expect(await verdictOf(before, "def count(number: int):\n    while True:\n        pass\n")).toMatchObject({
      verdict: "different",
      why: expect.stringContaining("now to no end"),
    });
    expect(await verdictOf(before, "def count(number: int):\n    return 'x' * 10 ** 12\n")).toMatchObject({ verdict: "different" });
  });

  test("are not said to be the same where the arguments would not notice a mistake", async () => {
    const before =
      "def ways(coins, total):\n    if total == 0:\n        return 1\n    if total < 0 or not coins:\n        return 0\n    first, *rest = coins\n    return ways(coins, total - first) + ways(rest, total)\n";
    expect(await verdictOf(before, before.replace("ways(coins, total - first)", "ways(rest, total - first)"))).toMatchObject({
      verdict: "different",
    });
    const hidden = "def hidden(text: str):\n    number = len(text) if len(text) < 50 else 7\n    return number > 60\n";
    expect(await verdictOf(hidden, hidden.replace("> 60", "> 55"))).toMatchObject({ verdict: "unknown" });
  });

  test("differ by imports that are not there", async () => {
    const before = "def one(number: int):\n    return number\n";
    expect(await verdictOf(before, `from collections import Union\n\n${before}`)).toMatchObject({ verdict: "unknown" });
  });

  test("of several texts the first that does the same ends it", async () => {
    const original = "def double(number: int) -> int:\n    return number * 2\n";
    const texts = [original.replace("2", "3"), original.replace("number * 2", "2 * number"), original.replace("2", "4")];
    expect((await compareRuns({ languageId: "python", original, texts })).map(({ verdict }) => verdict)).toEqual(["different", "same"]);
  });
});

describe.skipIf(process.platform === "win32")("functions in TypeScript and JavaScript", { timeout: 120_000 }, () => {
  const verdictIn = async (languageId: string, original: string, text: string) =>
    (await compareRuns({ languageId, original, texts: [text] }))[0];
  const last =
    "export function last(items: number[]): number | undefined {\n  if (items.length === 0) {\n    return undefined;\n  } else {\n    return items[items.length - 1];\n  }\n}\n";
  const total =
    "function total(cart) {\n  let sum = 0;\n  for (let i = 0; i < cart.length; i++) {\n    if (cart[i].price > 2) sum = sum + cart[i].price * cart[i].count;\n  }\n  return sum;\n}\nmodule.exports = { total };\n";
  const described =
    "interface User { name: string; age?: number; tags: readonly string[] }\nenum Level { low, high }\nexport function describe(user: User, level: Level = Level.low): string {\n  let text = user.name;\n  if (user.age !== undefined && user.age >= 18) { text += ' (adult)'; }\n  if (level === Level.high) text = text.toUpperCase();\n  for (const tag of user.tags) text += ' #' + tag;\n  return text;\n}\n";

  test.each([
    ["another way of writing", "typescript", last, "export const last = (items: number[]): number | undefined => items.at(-1);\n"],
    [
      "objects of which only members are known",
      "javascript",
      total,
      total.replace(
        /let sum[\s\S]*return sum;/,
        "return cart.filter(({ price }) => price > 2).reduce((sum, { price, count }) => sum + price * count, 0);",
      ),
    ],
    ["types that the file declares", "typescript", described, described.replace("user.name;", "[user.name].join();")],
  ])("are the same with %s", async (_what, languageId, before, after) => {
    expect(await verdictIn(languageId, before, after)).toEqual({ verdict: "same", count: 300 });
  });

  test("are reached by arguments that are alike, where they compare two", async () => {
    const before =
      "export function anagram(one: string, other: string): boolean {\n  const letters = (text: string) => [...text].sort().join('');\n  if (one === other) return false;\n  if (letters(one) === letters(other)) return true;\n  return false;\n}\n";
    const after = before.replace(/ {2}if \(one[\s\S]*return false;\n\}/, "  return one !== other && letters(one) === letters(other);\n}");
    expect(await verdictIn("typescript", before, after)).toMatchObject({ verdict: "same" });
    expect(await verdictIn("typescript", before, after.replace("one !== other && ", ""))).toMatchObject({ verdict: "different" });
  });

  test.each([
    ["what is given is changed", "typescript", last, last.replace("items[items.length - 1]", "items.pop()"), /something else than before/],
    ["a condition is another", "javascript", total, total.replace("> 2", ">= 2"), /something else|came to/],
    ["a sign is another", "typescript", described, described.replace(">= 18", "> 18"), /something else/],
    [
      "a call never ends",
      "javascript",
      "function f(n) { return n; }",
      "function f(n) { while (true) {} }",
      /^f\(.+\) came to .+, and now to no end\.$/,
    ],
    [
      "it says what it did not",
      "javascript",
      "function f(n) { return n; }",
      "function f(n) { console.log(n); return n; }",
      /something else/,
    ],
    ["a name is nowhere", "javascript", "function f(n) { return n; }", "function f(n) { return same(n); }", /no “same” that f could use/],
    ["the parameters are others", "javascript", "function f(n) { return n; }", "function f(n, m) { return n; }", /parameters of f/],
  ])("differ where %s", async (_what, languageId, before, after, why) => {
    expect(await verdictIn(languageId, before, after)).toEqual({ verdict: "different", why: expect.stringMatching(why) });
  });

  test.each([
    ["files", "it uses require", "const fs = require('node:fs');\nfunction f(n) { return fs.readFileSync(n); }"],
    ["the process", "it uses process", "function f(n) { return process.exit(n); }"],
    ["other files", "it uses join", "import { join } from './join.js';\nexport function f(n) { return join(n); }"],
    ["the network", "it uses fetch", "function f(n) { return fetch(n); }"],
    ["modules by name", "while it runs", "function f(n) { return import(n); }"],
    ["code made of text", "it uses constructor", "function f(n) { return n.constructor.constructor('return process')(); }"],
    ["code made of text in pieces", "no arguments", "function f(n) { return f['const' + 'ructor']('return process')().pid; }"],
    ["what comes later", "it waits", "async function f(n) { return n; }"],
    ["what is met only in another branch", "“return 1", "function f(n) {\n  if (n === 123456789) return 1;\n  return 2;\n}"],
    ["chance", "the same twice", "function f(n) { return n + Math.random(); }"],
  ])("are not run where they may reach %s, or nothing can be said", async (_what, why, before) => {
    expect(await verdictIn("javascript", before, before.replace("return ", "return null ?? "))).toEqual({
      verdict: "unknown",
      why: expect.stringContaining(why),
    });
  });

  test("what takes all memory, or cannot be counted, says nothing", async () => {
    const before = "function f(n) { return n; }";
    for (const body of ["return 'x'.repeat(5e8).split('');", "while (/(a+)+$/.test('a'.repeat(40) + 'b')) n++; return n;"])
      expect(await verdictIn("javascript", before, `function f(n) { ${body} }`)).toMatchObject({ verdict: "unknown" });
  });
});

test("functions in other languages are not compared", async () => {
  expect(await compareRuns({ languageId: "go", original: "", texts: [""] })).toMatchObject([{ verdict: "unknown" }]);
});
