import { expect, test } from "vitest";
import { createParsers } from "../../../syntax/parser.ts";
import { withEdits } from "../edits.ts";
import { renameable, renamed } from "./rename.ts";

const parsers = createParsers();

async function inTree<Result>(code: string, use: (root: Parameters<typeof renamed>[0]) => Result): Promise<Result> {
  const tree = await parsers.parse("python", code);
  if (tree === undefined) throw new Error("There is no grammar.");
  try {
    return use(tree.rootNode);
  } finally {
    tree.delete();
  }
}

test("what a function sets by itself is called otherwise, wherever it speaks of it", async () => {
  const code =
    'def f(a):\n    n = 0\n    for i, (j, *k) in a.n:\n        n += g(i, n=j)\n    def h():\n        nonlocal n\n        n = 1\n    return f"{n}" + ",".join(x for x in k)\n';
  expect(await inTree(code, (root) => renameable(root).map(({ name }) => name))).toEqual(["i", "j", "k", "x"]);
  const names = new Map([
    ["i", "index"],
    ["j", "first"],
    ["k", "a"],
    ["x", "first"],
  ]);
  // What is taken stays as it was.
  expect(await inTree(code, (root) => withEdits(code, renamed(root, names)))).toBe(
    code.replace("for i, (j", "for index, (first").replace("g(i, n=j)", "g(index, n=first)"),
  );
});

test.each([
  ["parameters", "def f(a, *b, c=1, **d):\n    a = b = c = d = 1\n"],
  ["those of inner functions", "def f():\n    x = 1\n    def g(x):\n        return x\n    return g(x=x)\n"],
  ["global names", "def f():\n    global x\n    x = 1\n"],
  ["imports", "def f():\n    import os as x\n    x = 1\n"],
  ["what is found by text", "def f():\n    x = 1\n    return locals()\n"],
  ["a name of the module beside that of a comprehension", "def f(a):\n    return [x for x in a] + x\n"],
  ["a name of the module in an inner function's place", "def f(a):\n    def g():\n        x = 1\n        return x\n    return g() + x\n"],
  ["attributes", "def f(a):\n    a.x = 1\n    a[0] = 2\n"],
])("leaves %s", async (_what, code) => {
  expect(await inTree(code, renameable)).toEqual([]);
});
