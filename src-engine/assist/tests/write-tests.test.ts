import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AssistRequest } from "#core/contracts/assist";
import { defaultSettings } from "#core/settings/schema";
import { openTestHistory, type TestHistory } from "../history.fixture.ts";
import { runScripted } from "../scripted-run.fixture.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
let history: TestHistory;

beforeEach(() => {
  history = openTestHistory({ current: () => defaultSettings });
});
afterEach(() => history.dispose());

const code = "def grade(points):\n    if points < 0:\n        return 0\n    return points * 2 + 1\n";
// What does more than compute is never called with arguments of our own.
const waiting = `import time\n\n\n${code.replace("    if", "    time.sleep(0)\n    if")}`;
const below = "below(self):\n        self.assertEqual(grade(-1), 0)\n";

/** Has tests written that are run. */
const run = (text: string, changes: Partial<AssistRequest>, ...answers: string[]) => {
  const workspace = history.folder.path;
  history.folder.write({ "a.py": text });
  return runScripted(history, { answers }, text, { action: "test", verify: true, workspace, ...changes });
};

describe.skipIf(!hasPython)("tests that are run", { timeout: 120_000 }, () => {
  test("are enough where they notice most small mistakes in the code", async () => {
    const { asked, answer } = await run(code, {}, "zero(self):\n        self.assertEqual(grade(0), 1)\n");
    expect(asked).toHaveLength(1);
    expect(answer.doubts).toEqual([]);
  });

  test("are joined by those of another answer that notice more, under names of their own", async () => {
    const more =
      "below(self):\n        self.assertEqual(grade(0), 1)\n\n    def test_same(self):\n        self.assertEqual(grade(-1), 0)\n";
    const { asked, answer } = await run(waiting, {}, below, more);
    expect(asked).toHaveLength(2);
    expect(answer.doubts).toEqual([]);
    expect(answer.file?.text.match(/def (\w+)/g)).toEqual(["def test_below", "def test_below_2"]);
  });

  test("are joined by results that the code gives, where it only computes and they notice little", async () => {
    const { asked, answer, notices } = await run(code, {}, "one(self):\n        self.assertEqual(grade(-5), 0)\n");
    expect(asked).toHaveLength(1);
    expect(answer.doubts).toEqual([]);
    const further = answer.text.slice(answer.text.indexOf("def test_grade_further_results(self)"));
    const results = [...further.matchAll(/assertEqual\(grade\((-?\d+)\), (-?\d+)\)/g)];
    expect(results.length).toBeGreaterThan(0);
    for (const [, points, result] of results) expect(Number(result)).toBe(Number(points) < 0 ? 0 : Number(points) * 2 + 1);
    expect(notices).toContain("FURTHER_RESULTS");
  });

  test("are results that the code gives alone, where no answer passes, and that is said", async () => {
    const wrong = "zero(self):\n        self.assertTrue(grade(0) > 100)\n";
    const { asked, answer } = await run(code, {}, wrong, wrong, wrong);
    expect(asked).toHaveLength(3);
    expect(answer.text.match(/def (\w+)/g)).toEqual(["def test_grade_further_results"]);
    expect(answer.doubts).toMatchObject([{ kind: "failed", message: expect.stringContaining("No test of the model"), blocks: false }]);
  });

  test("that differ in their numbers alone are stopped, and the first three kept", async () => {
    const tests = Array.from(
      { length: 50 },
      (_, n) => `    def test_case_${n}(self):\n        self.assertEqual(grade(${n}), ${n * 2 + 1})\n`,
    );
    const { answer } = await run(code, {}, tests.join("\n").replace("    def test_", ""));
    expect(answer.file?.text.match(/def (\w+)/g)).toEqual([
      "def test_case_0",
      "def test_case_1",
      "def test_case_2",
      "def test_grade_further_results",
    ]);
    expect(answer.doubts).toContainEqual(expect.objectContaining({ kind: "repetition", blocks: false }));
  });

  test("expect what the code gives where the model expected something else, and that is said", async () => {
    const { asked, answer } = await run(code, {}, "zero(self):\n        self.assertEqual(grade(0), 2)\n");
    expect(asked).toHaveLength(1);
    expect(answer.text).toContain("self.assertEqual(grade(0), 1)");
    expect(answer.doubts).toEqual([
      {
        kind: "failed",
        message: "“test_zero” expected another result. It expects what the code gives now: see whether that is meant.",
        blocks: false,
      },
    ]);
  });

  describe("of a function that is given objects of a class in its file", () => {
    const node = "class Node:\n    def __init__(self, value, next=None):\n        self.value = value\n        self.next = next\n\n\n";
    const total =
      "def total(node):\n    result = 0\n    while node:\n        result += node.value\n        node = node.next\n    return result\n";
    const select = { selection: { start: node.length, end: node.length + total.length - 1 } };

    test("may make some: the class is shown to the model, and imported", async () => {
      const made = "two(self):\n        self.assertEqual(total(Node(3, Node(4))), 7)\n";
      const { asked, answer } = await run(node + total, select, made);
      expect(asked[0]).toContain("def __init__(self, value, next=None):");
      expect(answer).toMatchObject({ doubts: [], text: expect.stringContaining("from a import total, Node\n") });
    });

    test("do not import it where they make none", async () => {
      const { answer } = await run(node + total, select, "none(self):\n        self.assertEqual(total(None), 0)\n");
      expect(answer.text).toContain("from a import total\n");
    });
  });

  test("are offered with a doubt where no answer notices more", async () => {
    const { asked, answer } = await run(waiting, {}, "none(self):\n        self.assertEqual(grade(-2), 0)\n");
    expect(asked).toHaveLength(3);
    expect(answer.text.match(/def (\w+)/g)).toEqual(["def test_none"]);
    expect(answer.doubts).toMatchObject([{ kind: "weak", blocks: false }]);
  });
});
