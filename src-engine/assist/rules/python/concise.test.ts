import { expect, test } from "vitest";
import { createParsers } from "../../../syntax/parser.ts";
import { applyRules } from "../edits.ts";
import { comprehension } from "./comprehension.ts";
import { concise } from "./concise.ts";

const parsers = createParsers();
const shorter = (code: string, exactly = false) => applyRules(parsers, "python", code, [comprehension(exactly), concise(exactly)]);
const inFunction = (...lines: string[]) => `def f(a, b):\n${lines.map((line) => `    ${line}\n`).join("")}`;

test.each([
  ["a list", ["x = []", "for i in a:", "    if i > 1:", "        x.append(i * 2)", "return x"], ["return [i * 2 for i in a if i > 1]"]],
  [
    "a list of what comes at once",
    ["x = []", "for i in a:", "    x.extend(i + j for j in b)", "g(x)"],
    ["x = [i + j for i in a for j in b]", "g(x)"],
  ],
  ["a set", ["x = set()", "y = 1", "for i in a:", "    x.add(i)", "g(x, y)"], ["y = 1", "x = {i for i in a}", "g(x, y)"]],
  ["a number", ["n = 0", "for i in a:", "    if i:", "        n += 1", "return n"], ["return sum(1 for i in a if i)"]],
  ["a search", ["for i in a:", "    if i == b:", "        return True", "return False"], ["return any(i == b for i in a)"]],
  [
    "a search for the opposite",
    ["for i in a:", "    if i == b:", "        return False", "return True"],
    ["return all(i != b for i in a)"],
  ],
])("a loop that collects %s is a comprehension", async (_what, before, after) => {
  expect(await shorter(inFunction(...before))).toBe(inFunction(...after));
});

test.each([
  ["the list is seen half way", ["x = []", "for i in a:", "    x.append(len(x))", "return x"]],
  ["the loop's name lives on", ["x = []", "for i in a:", "    x.append(i)", "return x, i"]],
  ["somebody catches what is raised", ["x = []", "try:", "    for i in a:", "        x.append(g(i))", "except E:", "    pass", "return x"]],
  ["a function keeps the name", ["x = []", "for i in a:", "    x.append(lambda: i)", "return x"]],
  ["there is an else", ["x = []", "for i in a:", "    x.append(i)", "else:", "    g()", "return x"]],
  ["it began with something", ["x = [1]", "for i in a:", "    x.append(i)", "return x, 1"]],
  ["sum is another thing", ["sum = 0", "for i in a:", "    sum += 1", "return sum"]],
])("a loop stays where %s", async (_what, lines) => {
  expect(await shorter(inFunction(...lines))).toBe(inFunction(...lines));
});

test.each([
  ["a choice", ["if a:", "    x = 1", "else:", "    x = 2", "g(x)"], ["x = 1 if a else 2", "g(x)"]],
  ["what is added", ["if a:", "    x += g(a)", "else:", "    x += 2", "h(x)"], ["x += g(a) if a else 2", "h(x)"]],
  ["two ways out", ["g()", "if a:", "    return b", "return 2"], ["g()", "return b if a else 2"]],
  ["the same way out twice", ["if a == 1:", "    return 0", "if b:", "    return 0", "g()"], ["if a == 1 or b:", "    return 0", "g()"]],
  [
    "an else with a condition",
    ["if a:", "    g()", "else:", "    if b:", "        h()", "    else:", "        k()"],
    ["if a:", "    g()", "elif b:", "    h()", "else:", "    k()"],
  ],
  ["two beginnings", ["x = 0", "y = 0", "g(x, y)"], ["x = y = 0", "g(x, y)"]],
  ["a range", ["g(range(0, a))"], ["g(range(a))"]],
  ["what is not in", ["g(not a in b, not a is None)"], ["g(a not in b, a is not None)"]],
  ["what lies between", ["g(a > 1 and a <= 9, 1 < b and b < 3)"], ["g(1 < a <= 9, 1 < b < 3)"]],
  ["brackets", ["while (a):", "    g()", "return(b)"], ["while a:", "    g()", "return b"]],
  ["nothing at the end", ["g()", "return None"], ["g()"]],
])("%s is said in fewer words", async (_what, before, after) => {
  expect(await shorter(inFunction(...before), true)).toBe(inFunction(...after));
});

test.each([
  ["x = x + b", "x += b"],
  ["if len(a) == 0: g()", "if not a: g()"],
  ["while len(a) > 0: g()", "while a: g()"],
])("“%s” is “%s” only where running shows it", async (before, after) => {
  expect(await shorter(inFunction(before, "g(x)"))).toBe(inFunction(after, "g(x)"));
  expect(await shorter(inFunction(before, "g(x)"), true)).toBe(inFunction(before, "g(x)"));
});

test.each([
  ["what is None for one way", ["if a:", "    return b", "g()", "return None"]],
  ["what would be too long", ["if a:", `    x = ${"g(a) + ".repeat(12)}1`, "else:", "    x = 2", "h(x)"]],
  ["a row of ways out", ["if a:", "    return 1", "if b:", "    return 2", "return 3"]],
  ["lists, of which there are two", ["x = []", "y = []", "g(x, y)"]],
  ["what is asked each time", ["g(a() > 1 and a() < 3)"]],
])("leaves %s", async (_what, lines) => {
  expect(await shorter(inFunction(...lines), true)).toBe(inFunction(...lines));
});
