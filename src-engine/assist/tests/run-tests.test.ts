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
