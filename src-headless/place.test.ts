import { expect, test } from "vitest";
import { UserError } from "#core/base/errors";
import { UsageError } from "./command.ts";
import { offsetOf, offsetsOf, parseLineRange, parsePosition } from "./place.ts";

test("a file is split at its last colons", () => {
  expect(parsePosition("cart.ts:12:5")).toEqual({ file: "cart.ts", line: 12, column: 5 });
  expect(parsePosition("C:\\shop\\cart.ts:12:5")).toEqual({ file: "C:\\shop\\cart.ts", line: 12, column: 5 });
  expect(parsePosition("a:1:2:3:4")).toEqual({ file: "a:1:2", line: 3, column: 4 });
  expect(parsePosition("my cart.ts:1:1").file).toBe("my cart.ts");
  expect(parseLineRange("C:\\shop\\cart.ts:3-7")).toEqual({ file: "C:\\shop\\cart.ts", from: 3, to: 7 });
  expect(parseLineRange("C:\\shop\\cart.ts:3")).toEqual({ file: "C:\\shop\\cart.ts", from: 3 });
  expect(parseLineRange("a-b.ts:3-3")).toEqual({ file: "a-b.ts", from: 3, to: 3 });
});

test("what is not of the form is wrong usage", () => {
  for (const text of [
    "",
    "cart.ts",
    "cart.ts:12",
    ":1:2",
    "cart.ts:a:b",
    "cart.ts:-1:2",
    "cart.ts:1:2 ",
    "cart.ts:1:2:",
    "cart.ts:1:1e3",
  ]) {
    expect(() => parsePosition(text)).toThrow(UsageError);
  }
  for (const text of ["cart.ts", "cart.ts:5:1", "cart.ts:5-", "cart.ts:-5", "cart.ts:7-3", ":1-2"])
    expect(() => parseLineRange(text)).toThrow(UsageError);
});

test("lines and columns count from 1, columns in UTF-16 units, over all kinds of line ends", () => {
  const text = "ab\r\nc🎉d\n\re\n";
  expect(offsetOf(text, { line: 1, column: 1 })).toBe(0);
  expect(offsetOf(text, { line: 1, column: 3 })).toBe(2);
  expect(offsetOf(text, { line: 2, column: 1 })).toBe(4);
  expect(offsetOf(text, { line: 2, column: 4 })).toBe(7);
  expect(offsetOf(text, { line: 3, column: 1 })).toBe(9);
  expect(offsetOf(text, { line: 4, column: 2 })).toBe(11);
  expect(offsetOf(text, { line: 5, column: 1 })).toBe(12);
  expect(offsetOf("", { line: 1, column: 1 })).toBe(0);
  expect(offsetsOf(text, { from: 1, to: 2 })).toEqual({ start: 0, end: 8 });
  expect(offsetsOf(text, { from: 5, to: 5 })).toEqual({ start: 12, end: 12 });
});

test("a place that the file does not have is said with what it has", () => {
  const text = "ab\nc\n";
  const places: [() => unknown, string][] = [
    [() => offsetOf(text, { line: 4, column: 1 }), "The file has 3 lines."],
    [() => offsetOf(text, { line: 0, column: 1 }), "The file has 3 lines."],
    [() => offsetOf(text, { line: 1, column: 4 }), "Its columns are 1 to 3"],
    [() => offsetOf(text, { line: 1, column: 0 }), "Its columns are 1 to 3"],
    [() => offsetsOf(text, { from: 2, to: 9 }), "The file has 3 lines."],
    [() => offsetsOf("", { from: 0, to: 1 }), "The file has 1 line."],
  ];
  for (const [find, hint] of places) {
    try {
      find();
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).code).toBe("POSITION_OUTSIDE_FILE");
      expect((error as UserError).hint).toContain(hint);
    }
  }
});
