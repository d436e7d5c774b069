import { expect, test } from "vitest";
import { joinedTests, testNamesIn, withFreeNames, withMoreTests } from "./merge.ts";

test("tests go to the end, and only imports that are missing go to the others", () => {
  const existing = "import os\r\nimport pytest\r\n\r\n\r\ndef test_a():\r\n    assert os\r\n";
  const written = "import pytest\n\nfrom cart import total\n\n\ndef test_b():\n    assert total([]) == 0\n";
  expect(withMoreTests(existing, written, "pytest")).toBe(
    "import os\nimport pytest\nfrom cart import total\n\n\ndef test_a():\n    assert os\n\n\ndef test_b():\n    assert total([]) == 0\n".replaceAll(
      "\n",
      "\r\n",
    ),
  );
});

test("a class that is there keeps its name, and the new one gets another", () => {
  const existing = "import unittest\n\n\nclass TestTotal(unittest.TestCase):\n    pass\n";
  const written = "import unittest\n\n\nclass TestTotal(unittest.TestCase):\n    def test_b(self):\n        pass\n";
  expect(withMoreTests(existing, written, "unittest")).toBe(
    `${existing}\n\nclass TestTotal2(unittest.TestCase):\n    def test_b(self):\n        pass\n`,
  );
});

test("methods go into the class of Java, functions to the end of a file of Go", () => {
  const java = "package app;\n\nclass CartTest {\n    @Test\n    void one() {}\n}\n";
  const written = "package app;\n\nclass CartTest {\n    @Test\n    void two() {}\n}\n";
  expect(withMoreTests(java, written, "junit")).toBe(
    "package app;\n\nclass CartTest {\n    @Test\n    void one() {}\n\n    @Test\n    void two() {}\n}\n",
  );
  const go = 'package app\n\nimport "testing"\n\nfunc TestOne(t *testing.T) {}\n';
  expect(withMoreTests(go, 'package app\n\nimport "testing"\n\nfunc TestTwo(t *testing.T) {}\n', "go")).toBe(
    `${go}\nfunc TestTwo(t *testing.T) {}\n`,
  );
});

test("the names of tests in a file", () => {
  expect([...testNamesIn('def test_a(): ...\ntest("adds", () => {});\nfunc TestB(t *testing.T) {}\n@Test\nvoid c() {}')]).toEqual([
    "test_a",
    "adds",
    "TestB",
    "c",
  ]);
});

test("names that are taken get a number", () => {
  expect(withFreeNames("def test_a():\n    pass\n\n\ndef test_b():\n    pass\n", new Set(["test_a", "test_a_2"]))).toBe(
    "def test_a_3():\n    pass\n\n\ndef test_b():\n    pass\n",
  );
  expect(withFreeNames('test("a", () => {});\ndescribe(`b`, () => {});\n', new Set(["a", "b"]))).toBe(
    'test("a 2", () => {});\ndescribe(`b 2`, () => {});\n',
  );
});

test("methods of one answer go into the class of another", () => {
  const file = (method: string) =>
    `import unittest\n\n\nclass TestTotal(unittest.TestCase):\n    def test_${method}(self):\n        pass\n`;
  expect(joinedTests(file("a"), file("b"), "unittest")).toBe(`${file("a")}\n    def test_b(self):\n        pass\n`);
});
