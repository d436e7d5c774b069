import { expect, test } from "vitest";
import { doubtsOfBehaviour } from "./behaviour.ts";

const doubts = (languageId: string, original: string, answer: string) =>
  doubtsOfBehaviour(original, answer, languageId).map(({ message }) => message);

const original = "def find(items, key):\n    for i in range(len(items)):\n        if items[i] < key:\n            return i\n    return -1";

test.each([
  ["another name for a variable", original.replace(/\bi\b/g, "index")],
  ["types and documentation", original.replace("(items, key):", '(items: list, key: int) -> int:\n    """Finds "it"."""')],
  [
    "a loop over the items",
    "def find(items, key):\n    for i, item in enumerate(items):\n        if key > item:\n            return i\n    return -1",
  ],
])("nothing speaks against %s", (_name, answer) => expect(doubts("python", original, answer)).toEqual([]));

test.each([
  ["a comparison", original.replace("<", "<="), "It compares “less than” once less than before."],
  ["parameters", original.replace("(items, key)", "(items)"), "The parameters are not the same."],
  ["argument", original.replace("items[i]", "key[i]"), "It uses “items” once less than before."],
  ["a calculation", original.replace("return i", "return i + 1"), "It calculates with “+” once more than before."],
  ["a number", original.replace("-1", "-2"), "The number “2” was not there before."],
  ["a way out", original.replace("return -1", "raise -1"), "It has “raise” once more than before."],
])("another %s is named", (_name, answer, message) => expect(doubts("python", original, answer)).toContain(message));

test("texts and calls are compared, comments are not", () => {
  const code = 'function a(b: Map<string, number>) {\n  log("one");\n  return parse(b); // "not this"\n}';
  expect(doubts("typescript", code, code.replace('// "not this"', ""))).toEqual([]);
  expect(doubts("typescript", code, code.replace('"one"', '"two"'))).toEqual(["The text “one” is no longer there."]);
  expect(doubts("typescript", code, code.replace("parse(b)", "read(b)"))).toEqual(["The call of “parse” is no longer there."]);
});
