import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { Request } from "../assist.ts";
import { type FoundResult, furtherResults, testOfResults } from "./further-results.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;

const find = (name: string, text: string, tests = "") =>
  furtherResults({ languageId: "python", path: "/nowhere/a.py", text } as Request, name, tests);
const calls = (results: readonly FoundResult[]) => results.map(({ call }) => call);

describe.skipIf(!hasPython)("results at which small mistakes show", { timeout: 120_000 }, () => {
  const longest =
    "def longest(words):\n    best = ''\n    for word in words:\n        if len(word) > len(best):\n            best = word\n    return best\n";

  test("are of arguments like those of the tests", async () => {
    const results = await find("longest", longest, 'assert longest(["a"]) == "a"\n');
    expect(results.length).toBeGreaterThan(0);
    for (const { call, result } of results) {
      const words = JSON.parse(call.slice("longest(".length, -1)) as string[];
      const best = words.reduce((one, other) => (other.length > one.length ? other : one), "");
      expect(JSON.parse(result)).toBe(best);
    }
  });

  test("are none where the tests notice the mistakes already", async () => {
    const notices = 'longest(["a", "bb", "c", "dd"])\nlongest([])\nlongest([""])\n';
    expect(await find("longest", longest, notices)).toEqual([]);
  });

  test("keep lists in order where the tests do and the function speaks of it", async () => {
    const first =
      "def search(numbers, wanted):\n    for place, number in enumerate(numbers):\n        if number >= wanted:\n            return place\n    return -1\n";
    const results = await find("search", first, "search([1, 2, 5], 2)\n");
    expect(results.length).toBeGreaterThan(0);
    for (const call of calls(results)) {
      const numbers = JSON.parse(/\[.*\]/.exec(call)?.[0] ?? "") as number[];
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
    }
  });

  test("do not keep them so where it does not speak of it", async () => {
    const falls = "def falls(numbers):\n    return sum(1 for one, other in zip(numbers, numbers[1:]) if other < one)\n";
    const results = await find("falls", falls, "falls([1, 2, 5])\n");
    expect(results.some(({ result }) => result !== "0")).toBe(true);
  });

  test("of what gives one after the other are a list", async () => {
    const results = await find(
      "evens",
      "def evens(most):\n    for number in range(0, most, 2):\n        yield number\n",
      "list(evens(0))\n",
    );
    expect(calls(results)).toEqual([expect.stringMatching(/^list\(evens\(\d+\)\)$/)]);
  });

  test.each([
    ["does more than compute", "import os\n\n\ndef size(path):\n    return os.stat(path).st_size + 1\n", "size"],
    ["is no function", "class Size:\n    pass\n", "Size"],
    ["cannot be read", "def size(:\n", "size"],
    ["is not there", "def other():\n    return 1\n", "size"],
    ["never ends", "def size(number):\n    while number == number:\n        number = number + 1\n", "size"],
  ])("are not looked for where the code %s", async (_what, text, name) => {
    expect(await find(name, text)).toEqual([]);
  });
});

test("a test of results is written in the way of its framework", () => {
  const results = [
    { call: "f(1)", result: "True" },
    { call: "f(2)", result: "[1]" },
  ];
  const comment = "# What the code gives where small mistakes show.";
  expect(testOfResults("pytest", "_f", results)).toBe(
    `def test_f_further_results():\n    ${comment}\n    assert f(1) is True\n    assert f(2) == [1]\n`,
  );
  expect(testOfResults("unittest", "f", results)).toBe(
    `    def test_f_further_results(self):\n        ${comment}\n        self.assertIs(f(1), True)\n        self.assertEqual(f(2), [1])\n`,
  );
});

describe.skipIf(process.platform === "win32")("results at which small mistakes show in TypeScript", { timeout: 120_000 }, () => {
  const findIn = (languageId: string, name: string, text: string, tests = "") =>
    furtherResults({ languageId, path: "/nowhere/a.ts", text } as Request, name, tests);
  const first =
    "/** The place of the first, in a sorted list. */\nexport function first(numbers: number[], wanted: number): number {\n  for (let place = 0; place < numbers.length; place++) if (numbers[place] >= wanted) return place;\n  return -1;\n}\n";

  test("are of arguments like those of the tests, in order where those are", async () => {
    const results = await findIn("typescript", "first", first, "expect(first([1, 2, 5], 2)).toBe(1);");
    expect(results.length).toBeGreaterThan(0);
    for (const { call, result } of results) {
      const [numbers, wanted] = JSON.parse(`[${call.slice("first(".length, -1)}]`) as [number[], number];
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
      expect(Number(result)).toBe(numbers.findIndex((number) => number >= wanted));
    }
  });

  test("are found where nothing is known of the arguments but what a test gives", async () => {
    const text = "export function names(people) {\n  return people.filter((one) => one.age >= 18).map((one) => one.name);\n}\n";
    const results = await findIn("javascript", "names", text, 'names([{ name: "Ada", age: 36 }]);');
    expect(results.length).toBeGreaterThan(0);
    for (const { call } of results) expect(call).toMatch(/^names\(\[(?:\{ name: "\w*", age: -?\d+ \}(?:, )?)*\]\)$/);
  });

  test("are none where the tests notice the mistakes already, and where code does more than compute", async () => {
    const half = "export const half = (n: number) => n / 2;\n";
    expect(await findIn("typescript", "half", half, "half(4)")).toEqual([]);
    expect(await findIn("typescript", "half", "export const half = async (n: number) => n / 2;\n")).toEqual([]);
    expect(await findIn("typescript", "half", "export const half = (n: number) => Date.now() / n;\n")).toEqual([]);
    expect(await findIn("go", "Half", "func Half(n int) int { return n / 2 }\n")).toEqual([]);
  });
});

test.each([
  ["vitest", 'test("f: further results", () => {\n  // …\n  expect(f(1)).toBe(true);\n  expect(f(2)).toEqual([1]);\n});\n'],
  ["node", 'test("f: further results", () => {\n  // …\n  assert.strictEqual(f(1), true);\n  assert.deepStrictEqual(f(2), [1]);\n});\n'],
  ["mocha", 'it("f: further results", () => {\n  // …\n  assert.strictEqual(f(1), true);\n  assert.deepStrictEqual(f(2), [1]);\n});\n'],
] as const)("a test of results is written for %s", (framework, text) => {
  const results = [
    { call: "f(1)", result: "true" },
    { call: "f(2)", result: "[1]" },
  ];
  expect(testOfResults(framework, "f", results).replace(/\/\/ .*/, "// …")).toBe(text);
});
