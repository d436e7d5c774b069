import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../workspace/temporary-folder.ts";
import { placeTests } from "./place-tests.ts";

const code = "def total(prices):\n    return sum(prices)\n";
const tests = "from cart import total\n\n\ndef test_none():\n    assert total([]) == 0";

test("tests that are written already go where the action would write them, into a new file", async () => {
  using folder = temporaryFolder();
  folder.write({ "cart.py": code, "pytest.ini": "", "tests/test_other.py": "" });
  const source = { path: join(folder.path, "cart.py"), languageId: "python", workspace: folder.path, text: code };
  expect(await placeTests({ ...source, tests })).toEqual({
    path: join(folder.path, "tests", "test_cart.py"),
    exists: false,
    text: `${tests}\n`,
  });
});

test("a file of tests that is there keeps what it has, and nothing is written", async () => {
  using folder = temporaryFolder();
  const existing = "from cart import total\r\n\r\n\r\ndef test_one():\r\n    assert total([1]) == 1\r\n";
  folder.write({ "cart.py": code, "pytest.ini": "", "test_cart.py": existing });
  const source = { path: join(folder.path, "cart.py"), languageId: "python", workspace: folder.path, text: code };
  const placed = await placeTests({ ...source, tests });
  expect(placed?.exists).toBe(true);
  expect(placed?.text).toBe(`${existing}\r\n\r\ndef test_none():\r\n    assert total([]) == 0\r\n`);
  expect(readFileSync(join(folder.path, "test_cart.py"), "utf8")).toBe(existing);
});

test("a language without a known way has no place", async () => {
  using folder = temporaryFolder();
  const source = { path: join(folder.path, "a.rs"), languageId: "rust", workspace: folder.path, text: "" };
  expect(await placeTests({ ...source, tests: "#[test]\nfn none() {}" })).toBeUndefined();
});
