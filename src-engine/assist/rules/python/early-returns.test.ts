import { expect, test } from "vitest";
import { createParsers } from "../../../syntax/parser.ts";
import { applyRules } from "../edits.ts";
import { earlyReturns } from "./early-returns.ts";
import { simplify } from "./simplify.ts";

const parsers = createParsers();
const flattened = (code: string, exactly = false) => applyRules(parsers, "python", code, [earlyReturns(exactly, false), simplify]);

test.each([
  [
    "the short way out of two stands first",
    "def f(a):\n    if a:\n        b()\n        return c\n    else:\n        return []\n",
    "def f(a):\n    if not a:\n        return []\n    b()\n    return c\n",
  ],
  [
    "a condition around the rest of a function is a guard",
    "def f(a):\n    if a is None:\n        b()\n        c()\n",
    "def f(a):\n    if a is not None:\n        return\n    b()\n    c()\n",
  ],
  [
    "also in a loop, and one after the other",
    "def f(a):\n    for x in a:\n        if x in a and x != 1:\n            if x == 2:\n                b()\n                c()\n",
    "def f(a):\n    for x in a:\n        if x not in a or x == 1:\n            continue\n        if x != 2:\n            continue\n        b()\n        c()\n",
  ],
  [
    "with what is returned behind it",
    "def f(n):\n    steps = []\n    if len(n) > 0:\n        steps.append(n)\n        steps.append(1)\n    return steps\n",
    "def f(n):\n    steps = []\n    if len(n) <= 0:\n        return steps\n    steps.append(n)\n    steps.append(1)\n    return steps\n",
  ],
  [
    "a value that is only returned at the end is returned at once",
    "def f(a):\n    if a:\n        if b:\n            x = 1\n        else:\n            x = 2\n    elif c:\n        x = 3\n    else:\n        x = 4\n    return x\n",
    "def f(a):\n    if a:\n        if b:\n            return 1\n        return 2\n    if c:\n        return 3\n    return 4\n",
  ],
  ["a choice is two ways out", "def f(a):\n    return 1 if a else 2\n", "def f(a):\n    if a:\n        return 1\n    return 2\n"],
])("%s", async (_what, before, after) => {
  expect(await flattened(before)).toBe(after);
});

test("where values may have no order, a comparison is not turned around", async () => {
  const before = "def f(n):\n    if n > 0:\n        a()\n        b()\n";
  expect(await flattened(before)).toContain("if n <= 0:");
  expect(await flattened(before, true)).toContain("if not (n > 0):");
});

test.each([
  ["a condition with something behind it", "def f(a):\n    if a:\n        b()\n        c()\n    d()\n"],
  ["what is computed once", "def f(a):\n    if a:\n        b()\n        c()\n    return g()\n"],
  ["a comment without a place", "def f(a):\n    if a:  # why\n        b()\n        c()\n"],
  [
    "a value that another function sees",
    "def f(a):\n    def g():\n        return x\n    if a:\n        x = 1\n    else:\n        x = 2\n    return x\n",
  ],
  ["one line", "def f(a):\n    if a:\n        b()\n"],
  ["a module", "if a:\n    b()\n    c()\n"],
])("leaves %s", async (_what, code) => {
  expect(await flattened(code)).toBe(code);
});
