import { expect, test } from "vitest";
import { createParsers } from "../../../syntax/parser.ts";
import { applyRules } from "../edits.ts";
import { simplify } from "./simplify.ts";

const parsers = createParsers();
const simplified = (code: string) => applyRules(parsers, "python", code, [simplify]);

test.each([
  [
    "no else after a way out, however many there are",
    "def kth(k):\n    if k < 1:\n        return 1\n    elif k > 2:\n        raise Error\n    else:\n        # last\n        k += 1\n\n        return k\n",
    "def kth(k):\n    if k < 1:\n        return 1\n    if k > 2:\n        raise Error\n    # last\n    k += 1\n\n    return k\n",
  ],
  [
    "nested conditions are one",
    "for x in y:\n    if a or b:\n        if c:\n            d()\n            e()\n    f()\n",
    "for x in y:\n    if (a or b) and c:\n        d()\n        e()\n    f()\n",
  ],
  [
    "a condition is returned as it is",
    "def f(a):\n    if a > 1:\n        return True\n    else:\n        return False\n",
    "def f(a):\n    return a > 1\n",
  ],
  [
    "also with the other return behind it",
    "def f(a):\n    if not a:\n        return True\n    return False\n",
    "def f(a):\n    return not a\n",
  ],
  [
    "several comparisons of one value",
    "if s[-1] == 'y' or s[-1] == 'Y' or s[-1] == 'x':\n    f()\n",
    "if s[-1] in ('y', 'Y', 'x'):\n    f()\n",
  ],
])("%s", async (_what, before, after) => {
  expect(await simplified(before)).toBe(after);
});

test.each([
  ["an else that is needed", "if a:\n    b()\nelse:\n    c()\n"],
  ["a value that is no truth", "def f(a, b):\n    if a and b:\n        return True\n    return False\n"],
  ["a comment in the way", "if a:\n    # why\n    if b:\n        c()\n"],
  ["a text over several lines", 'if a:\n    return 1\nelse:\n    b = """\n    text\n    """\n'],
  ["what is called each time", "if f() == 1 or f() == 2:\n    g()\n"],
  ["what is computed", "if a == b or a == c:\n    g()\n"],
  ["conditions with an else", "if a:\n    if b:\n        c()\n    else:\n        d()\n"],
  ["code that does not parse", "if a:\n    return 1\nelse\n    return 2\n"],
])("leaves %s", async (_what, code) => {
  expect(await simplified(code)).toBe(code);
});
