import { describe, expect, test } from "vitest";
import { closersMissing } from "./brackets.ts";
import { closeBlock, fitToSuffix, withoutRepeatedStart } from "./overlap.ts";

function suggest(place: string, text: string) {
  const [prefix = "", suffix = ""] = place.split("‸");
  return closeBlock(fitToSuffix(text, prefix, suffix), prefix, suffix);
}

/** The document after the suggestion was taken. */
function accept(place: string, text: string): string {
  const [prefix = "", suffix = ""] = place.split("‸");
  const fitted = suggest(place, text);
  return prefix + fitted.text + suffix.slice(fitted.replaces);
}

describe("what stands right of the cursor is never there twice", () => {
  test.each([
    ["a closing parenthesis", "call(‸)\n", "a, b)", "call(a, b)\n"],
    ["closers and a semicolon", "call(f(‸));\n", "a));", "call(f(a));\n"],
    ["a parenthesis where the semicolon is missing", "call(‸)\n", "a);", "call(a);\n"],
    ["a semicolon", "const x = ‸;\n", "compute(1);", "const x = compute(1);\n"],
    ["a closing quote", "read('‸')\n", "utf8')", "read('utf8')\n"],
    ["a closing quote and more", 'read("‸");\n', 'a.txt", "utf8");', 'read("a.txt", "utf8");\n'],
    ["nothing where the completion does not close", "call(‸)\n", "a, b", "call(a, b)\n"],
    ["a comma", "  a: ‸,\n", "compute(1, 2),", "  a: compute(1, 2),\n"],
    ["the rest of a word by hand", "user.na‸me;\n", "me", "user.name;\n"],
    ["the next line", "a = 1\n‸\nb = a + 1\n", "c = 2\nb = a + 1", "a = 1\nc = 2\nb = a + 1\n"],
  ])("%s", (_name, place, text, document) => expect(accept(place, text)).toBe(document));

  test("a completion that only repeats is empty", () => {
    expect(suggest("a = 1\n‸\nb = a + 1\n", "b = a + 1").text).toBe("");
  });

  test("brackets inside the completion's own strings do not count", () => {
    expect(accept("say(‸)\n", "':)')")).toBe("say(':)')\n");
  });
});

describe("closers that nobody opened", () => {
  test.each([
    ["a parenthesis too many", "call(‸)\n", "a))", "call(a)\n"],
    ["a brace that stands below", "if (a) {\n  ‸\n}\n", "go(); }", "if (a) {\n  go();\n}\n"],
    ["a brace that is needed stays", "if (a) {\n  ‸\n", "go(); }", "if (a) {\n  go(); }\n"],
    ["a bracket of a list that is still open stays", "x = [1, ‸\n", "2]", "x = [1, 2]\n"],
    ["a wrong kind of bracket", "x = [1, ‸\n", "2)", "x = [1, 2\n"],
  ])("%s", (_name, place, text, document) => expect(accept(place, text)).toBe(document));

  test("what a document lacks", () => {
    expect(closersMissing("f(a, [", "")).toEqual(["]", ")"]);
    expect(closersMissing("f(a, [", ")")).toEqual(["]"]);
    expect(closersMissing("f(a, [", "])")).toEqual([]);
    expect(closersMissing("say('(') + \"{\"", "")).toEqual([]);
  });
});

test.each([
  ["  for (const x of y) {\n  for (const price of pri‸) {\n", "ces) {", "ces"],
  ["  if (a) {\n    if (f(‸) {\n", "x)) {", "x)"],
  ["  if (a) {\n    if (f‸) {\n", "(x) {", "(x) {"],
])("the rest of the line in a document cut off below: %j, %j", (place, text, kept) => {
  expect(suggest(place, text)).toEqual({ text: kept, replaces: 0 });
});

describe("the start of the line, written once more", () => {
  test.each([
    ["function f() {\n  return pri", "  return prices;", "ces;"],
    ["function f() {\n  return pri", "return prices;", "ces;"],
    ["const total = ", "const total = sum();\nconst", "sum();\nconst"],
  ])("is taken away: %j, %j", (prefix, text, kept) => {
    expect(withoutRepeatedStart(text, prefix)).toBe(kept);
  });

  test.each([
    // Too short, another beginning, no word in it, on a line of its own.
    ["f(", "f(x))"],
    ["const total = ", "constant;"],
    ["    // ----", "// ---- end"],
    ["function f() {\n  return pri", "ces;\n  return prices;"],
  ])("is left where it is none: %j, %j", (prefix, text) => {
    expect(withoutRepeatedStart(text, prefix)).toBe(text);
  });
});

test("a closer behind the cursor gets a line of its own below a block", () => {
  expect(accept("  function f() {‸}\n", "\n    go();")).toBe("  function f() {\n    go();\n  }\n");
  expect(accept("f(‸)\n", "a")).toBe("f(a)\n");
});
