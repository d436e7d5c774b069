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

  test("keep lists in order where the tests do", async () => {
    const first =
      "def first(numbers, wanted):\n    for place, number in enumerate(numbers):\n        if number >= wanted:\n            return place\n    return -1\n";
    const results = await find("first", first, "first([1, 2, 5], 2)\n");
    expect(results.length).toBeGreaterThan(0);
    for (const call of calls(results)) {
      const numbers = JSON.parse(/\[.*\]/.exec(call)?.[0] ?? "") as number[];
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
    }
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
  const comment = "# What the code gave when this was written, for arguments at which small mistakes show.";
  expect(testOfResults("pytest", "_f", results)).toBe(
    `def test_f_further_results():\n    ${comment}\n    assert f(1) is True\n    assert f(2) == [1]\n`,
  );
  expect(testOfResults("unittest", "f", results)).toBe(
    `    def test_f_further_results(self):\n        ${comment}\n        self.assertIs(f(1), True)\n        self.assertEqual(f(2), [1])\n`,
  );
});
