import { describe, expect, test } from "vitest";
import { indentationOf, lineEndOf, withIndentation, withLineEnds, withPlainLineEnds } from "./lines.ts";

describe("line ends", () => {
  test("the document's own come back", () => {
    const end = lineEndOf("a\r\nb", "");
    expect(end).toBe("\r\n");
    expect(withLineEnds("x\ny", end)).toBe("x\r\ny");
    expect(withLineEnds("x\r\ny", end)).toBe("x\r\ny");
  });

  test("the suffix decides where the prefix has none", () => {
    expect(lineEndOf("a", "b\r\nc")).toBe("\r\n");
    expect(lineEndOf("a", "b")).toBe("\n");
  });

  test("the model reads plain ones", () => {
    expect(withPlainLineEnds("a\r\nb\rc\n")).toBe("a\nb\nc\n");
  });
});

describe("indentation", () => {
  test.each([
    ["tabs", "a {\n\tb {\n\t\tc\n\t}\n}", { kind: "tabs" }],
    ["four blanks", "a:\n    b:\n        c\n", { kind: "spaces", size: 4 }],
    ["two blanks", "a {\n  b {\n    c\n  }\n}", { kind: "spaces", size: 2 }],
    ["none", "a\nb\n", undefined],
  ])("of %s", (_name, text, indentation) => expect(indentationOf(text)).toEqual(indentation));

  test("blanks become tabs in a document of tabs, and the first line stays", () => {
    expect(withIndentation("  a {\n    b\n}", { kind: "tabs" })).toBe("  a {\n\tb\n}");
    expect(withIndentation("a {\n  b\n}", { kind: "tabs" })).toBe("a {\n\tb\n}");
  });

  test("tabs become blanks in a document of blanks", () => {
    expect(withIndentation("a {\n\tb\n\t\tc", { kind: "spaces", size: 2 })).toBe("a {\n  b\n    c");
  });

  test("a document without indentation changes nothing", () => {
    expect(withIndentation("a\n\tb", undefined)).toBe("a\n\tb");
  });
});
