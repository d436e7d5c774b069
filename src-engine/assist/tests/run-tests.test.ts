import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../workspace/temporary-folder.ts";
import { runTests } from "./run-tests.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const source = "def total(prices):\n    return sum(prices)\n";
const tests = `import unittest

from cart import total


class TestTotal(unittest.TestCase):
    def test_one(self):
        self.assertEqual(total([1]), 1)

    def test_wrong(self):
        self.assertEqual(total([1]), 2)
`;

test.skipIf(!hasPython)("tests are run on the text in the editor, one by one", { timeout: 120_000 }, async () => {
  using folder = temporaryFolder({ "cart.py": "raise SystemExit('what is on the disk is not meant')\n" });
  const run = (sourceText: string, testText = tests) =>
    runTests({
      workspace: folder.path,
      framework: "unittest",
      sourcePath: folder.at("cart.py"),
      sourceText,
      testName: "test_cart.py",
      testText,
    });
  expect(await run(source)).toEqual({ ran: true, passed: ["test_one"], failed: [{ name: "test_wrong", reason: "1 != 2" }] });
  expect(await run(source.replace("sum(prices)", "2"))).toMatchObject({ passed: ["test_wrong"] });
  expect(await run("def other(): pass\n")).toMatchObject({ ran: true, passed: [], failed: [{ name: "" }] });
  expect(await run("while True: pass\n", tests.replace("import unittest", "import unittest, os\nos._exit(3)"))).toMatchObject({
    ran: false,
  });
});

test.skipIf(!hasPython)("what the code gives takes the place of results that it does not", { timeout: 120_000 }, async () => {
  using folder = temporaryFolder({ "cart.py": "" });
  const written = `import unittest

from cart import total, objects, steps


class TestTotal(unittest.TestCase):
    def test_wrong(self):
        prices = [1, 2]
        expected = [1, "ä", 2]
        assert total(prices) == expected, "no"
        assert total([]) == 4
        self.assertEqual(total([2]), 3)
        self.assertEqual(total([2]), 2)
        assert steps(total([1])) == [1]

    def test_else(self):
        prices = 2
        assert total([2]) == prices + prices
        assert total([1]) in (2, 3)
        assert total([0.1, 0.2]) == 0.3
        assert objects() == 1
        assert total(iter([1])) == 1
        for each in (1, 2):
            assert total([each]) == 5
`;
  const run = (testText: string) =>
    runTests({
      workspace: folder.path,
      framework: "unittest",
      sourcePath: folder.at("cart.py"),
      sourceText:
        "def total(prices):\n    return sum(prices)\n\ndef objects():\n    return [object()]\n\ndef steps(number):\n    yield number\n    yield 2\n",
      testName: "test_cart.py",
      testText,
      corrects: "total",
    });
  expect(await run(written.replace(/^( {8,})(?:self|assert).*$/gm, "$1pass"))).not.toHaveProperty("corrected");
  expect(await run(written)).toMatchObject({
    corrected: written
      .replace('[1, "ä", 2]', "3")
      .replace("total([]) == 4", "total([]) == 0")
      .replace("[2]), 3", "[2]), 2")
      .replace("steps(total([1])) == [1]", "list(steps(total([1]))) == [1, 2]"),
  });
});
