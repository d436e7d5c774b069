import { afterEach, beforeEach, expect, test } from "vitest";
import type { AssistRequest } from "#core/contracts/assist";
import { defaultSettings } from "#core/settings/schema";
import { openTestHistory, type TestHistory } from "../history.fixture.ts";
import { runScripted } from "../scripted-run.fixture.ts";

const settings = { current: () => defaultSettings };
let history: TestHistory;

beforeEach(() => {
  history = openTestHistory(settings);
});
afterEach(() => history.dispose());

const small = 500_000_000;

const run = (text: string, changes: Partial<AssistRequest>, answers: readonly string[], bytes = small) =>
  runScripted(history, { answers, bytes }, text, changes);

const first = "def first(items):\n    if items:\n        check(items)\n        return items[0]\n    else:\n        return None\n";
const guarded = "def first(items):\n    if not items:\n        return None\n    check(items)\n    return items[0]\n";
const counted = "def count(s, t):\n    n = 0\n    for c in s:\n        if c in t:\n            n += 1\n    print(n)\n";

test("what rules surely do is not asked of a small model", async () => {
  const { asked, notices, answer } = await run(first, { instruction: "use early returns" }, []);
  expect(asked).toEqual([]);
  expect(notices).toEqual(["BY_RULES"]);
  expect(answer).toMatchObject({ text: guarded, doubts: [], tokens: { generated: 0 } });
});

test.each([
  ["a large one", { instruction: "use early returns" }, 9_000_000_000],
  ["one that somebody names", { instruction: "use early returns", model: "scripted" }, small],
  ["any, where more is asked for", { instruction: "use early returns and log the items" }, small],
])("is asked of %s", async (_whom, changes, bytes) => {
  const { asked } = await run(first, changes, [guarded], bytes);
  expect(asked.length).toBeGreaterThan(0);
});

test("the model gives the names, and code puts them in their places", async () => {
  const { asked, answer } = await run(counted, { instruction: "use better names for the local variables" }, ["total\n", "letter\n"]);
  expect(asked).toHaveLength(2);
  expect(answer).toMatchObject({ text: counted.replace(/\bn\b/g, "total").replace(/\bc\b/g, "letter"), doubts: [] });
});

test.each([
  ["a name that the model gives", "count_of(", "count_of"],
  ["a name by rule where the model gives one that is taken", "count(", "compute_n"],
  ["a name by rule where the model gives one that says nothing", "helper_function(", "compute_n"],
])("a part of a function gets %s", async (_what, said, name) => {
  const text = counted.replace("print(n)", "print(n)\n    return t");
  const { answer } = await run(text, { instruction: "extract a helper function" }, [said]);
  expect(answer.doubts).toEqual([]);
  expect(answer.text).toBe(
    `def ${name}(s, t):\n    n = 0\n    for c in s:\n        if c in t:\n            n += 1\n    return n\n\n\ndef count(s, t):\n    n = ${name}(s, t)\n    print(n)\n    return t\n`,
  );
});

test("where rules find nothing to do, the model is asked for all of it", async () => {
  const one = "def one(a):\n    return a\n";
  const { asked, answer } = await run(one, { instruction: "write it more concisely" }, ["def one(a): return a"]);
  expect(asked[0]).toContain("write it more concisely");
  expect(answer.text).toBe("def one(a): return a\n");
});

test("rules know TypeScript, too", async () => {
  const text = "function f(a: number[]): number {\n  if (a.length === 0) {\n    return 0;\n  } else {\n    return a[0] ?? 1;\n  }\n}\n";
  const { asked, answer } = await run(text, { instruction: "use early returns", languageId: "typescript" }, []);
  expect(asked).toEqual([]);
  expect(answer.text).toBe("function f(a: number[]): number {\n  if (a.length === 0) {\n    return 0;\n  }\n  return a[0] ?? 1;\n}\n");
});

const longer =
  "function count(items: string[], low: number) {\n  let n = 0;\n  for (const i of items) {\n    if (i.length > low) n += 1;\n  }\n  return Math.max(n, low);\n}\n";

test.each([
  ["a name that the model gives", "count_long(", "countLong"],
  ["a name by rule where the model gives none", "delete(", "computeN"],
])("a part of a function in TypeScript gets %s", async (_what, said, name) => {
  const { answer } = await run(longer, { instruction: "extract a helper function", languageId: "typescript" }, [said]);
  expect(answer.doubts).toEqual([]);
  expect(answer.text).toContain(
    `  const n = ${name}(items, low);\n  return Math.max(n, low);\n}\n\nfunction ${name}(items: string[], low: number) {`,
  );
});

test("local variables in TypeScript get the names that the model gives", async () => {
  const { asked, answer } = await run(longer, { instruction: "use clearer names", languageId: "typescript" }, ["long_count\n", "item\n"]);
  expect(asked).toHaveLength(2);
  expect(answer.text).toBe(longer.replace(/\bn\b/g, "longCount").replace(/\bi\b/g, "item"));
});

test("what may be run and cannot be compared is taken out all the same", { timeout: 60_000 }, async () => {
  const text = longer.replace("Math.max(n, low)", "taxOf(n, low)");
  const request = { instruction: "extract a helper function", languageId: "typescript", verify: true };
  const { asked, answer } = await run(text, request, ["count_long("]);
  expect(asked).toHaveLength(1);
  expect(answer).toMatchObject({ doubts: [], text: expect.stringContaining("const n = countLong(items, low);") });
});
