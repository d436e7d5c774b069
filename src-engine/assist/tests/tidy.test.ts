import { expect, test } from "vitest";
import { createParsers } from "../../syntax/parser.ts";
import { tidyTests } from "./tidy.ts";

const parsers = createParsers();

test("what is whole and asks something stays", async () => {
  const text = `import pytest

from cart import total


def test_one():
    assert total([1]) == 1


def test_nothing():
    total([])


def test_other():
    assert 1 == 1


def test_one():
    assert total([1]) == 1


if __name__ == "__main__":
    pytest.main()


def test_cut():
    assert total([1, 2
`;
  expect(await tidyTests(parsers, { languageId: "python", framework: "pytest", text, subject: "total" })).toEqual({
    text: "import pytest\n\nfrom cart import total\n\n\ndef test_one():\n    assert total([1]) == 1\n",
    names: ["test_one"],
    dropped: 4,
  });
});

test("tests in a class stay in it", async () => {
  const text = `import unittest

from cart import total


class TestTotal(unittest.TestCase):
    def test_one(self):
        self.assertEqual(total([1]), 1)

    def test_none(self):
        total([])
`;
  const tidied = await tidyTests(parsers, { languageId: "python", framework: "unittest", text, subject: "total" });
  expect(tidied.text).toBe(text.slice(0, text.indexOf("\n    def test_none")));
  expect(tidied.names).toEqual(["test_one"]);
});

test("JavaScript", async () => {
  const text = `import { expect, test } from "vitest";
import { total } from "./cart";

test("one", () => {
  expect(total([1])).toBe(1);
});

test("cut", () => {
  expect(total([1
`;
  const tidied = await tidyTests(parsers, { languageId: "typescript", framework: "vitest", text, subject: "total" });
  expect(tidied.names).toEqual(["one"]);
  expect(tidied.text).toBe(text.slice(0, text.indexOf('\ntest("cut"')));
});
