import { expect, test } from "vitest";
import { subjectOf } from "./subject.ts";

const python = "import os\n\n\nclass Cart:\n    def total(self):\n        return 1\n\n\ndef empty():\n    return Cart()\n";
const at = (text: string, part: string, languageId = "python") => {
  const start = text.indexOf(part);
  return subjectOf(text, { start, end: start + part.length }, languageId);
};

test("a function is tested by its name, a method by that of its class", () => {
  expect(at(python, "def empty():\n    return Cart()")).toEqual({ name: "empty", reachable: true });
  expect(at(python, "    def total(self):\n        return 1")).toEqual({ name: "Cart", reachable: true });
  expect(at(python, "import os")).toBeUndefined();
});

test.each([
  ["export function total() {}", true],
  ["function total() {}", false],
  ["function total() {}\nexport { total };", true],
  ["function total() {}\nmodule.exports = { total };", true],
  ["const total = () => 1;\nexports.total = total;", true],
])("what another file cannot import is told: %s", (text, reachable) => {
  expect(subjectOf(text, { start: 0, end: text.length }, "javascript")).toEqual({ name: "total", reachable });
});
