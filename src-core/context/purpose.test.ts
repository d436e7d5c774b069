import { expect, test } from "vitest";
import { purposeBeside } from "./purpose.ts";

const beside = (text: string, part: string, languageId: string) => {
  const start = text.indexOf(part);
  return purposeBeside(text, { start, end: start + part.length }, languageId);
};

test("the comment right above says what code is for", () => {
  const text = "// Far away.\n\n/**\n * Adds prices.\n *\n * @returns their sum\n */\nfunction total() {}\n";
  expect(beside(text, "function total() {}", "javascript")).toBe("Adds prices.\n\n@returns their sum");
  expect(beside("# One.\n\ndef total():\n    pass\n", "def total():\n    pass", "python")).toBe("");
  expect(beside("# Adds\n# prices.\ndef total():\n    pass\n", "def total():\n    pass", "python")).toBe("Adds\nprices.");
});

test("in Python the bare text behind it does", () => {
  expect(beside('def total():\n    pass\n\n\n"""\nAdds prices.\n"""\n', "def total():\n    pass", "python")).toBe("Adds prices.");
  expect(beside("def total():\n    pass\n\n\nx = '''no'''\n", "def total():\n    pass", "python")).toBe("");
});
