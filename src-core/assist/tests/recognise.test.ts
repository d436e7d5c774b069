import { expect, test } from "vitest";
import { isTestFile, isTests } from "./recognise.ts";

test.each([
  'import { expect, test } from "vitest";\n\ntest("none", () => {\n  expect(total([])).toBe(0);\n});',
  'describe("total", () => {\n  it.each([1])("of one", () => {});\n});',
  "import unittest\n\nclass TestTotal(unittest.TestCase):\n    def test_none(self):\n        self.assertEqual(total([]), 0)",
  "def test_none():\n    assert total([]) == 0",
  'import "testing"\n\nfunc TestTotal(t *testing.T) {\n}',
  "class CartTest {\n    @Test\n    void none() {}\n}",
  "#[cfg(test)]\nmod tests {\n    #[test]\n    fn none() {}\n}",
  "from cart import total\n\nassert total([]) == 0",
  "console.assert(total([]) === 0);",
])("code that tests: %s", (code) => expect(isTests(code)).toBe(true));

test.each([
  "export function total(prices: number[]): number {\n  return 0;\n}",
  'if (/^a/.test("abc")) it();',
  "def test_connection(address):\n    return ping(address)",
  "def total(prices):\n    assert prices\n    return sum(prices)",
  "func Testify() {}",
])("code that does not: %s", (code) => expect(isTests(code)).toBe(false));

test.each([
  ["src/cart.test.ts", true],
  ["src\\cart.spec.jsx", true],
  ["src/__tests__/cart.js", true],
  ["tests/cart.py", true],
  ["test_cart.py", true],
  ["cart_test.go", true],
  ["src/test/java/CartTest.java", true],
  ["src/cart.ts", false],
  ["latest/cart.py", false],
  ["contest.py", false],
])("%s is a file of tests: %s", (path, is) => expect(isTestFile(path)).toBe(is));
