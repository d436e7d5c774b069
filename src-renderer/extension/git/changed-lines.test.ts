import { expect, it } from "vitest";
import { withChangedLines } from "./changed-lines.ts";

const span = (start: number, end: number) => ({ start, end });

it("takes over lines that were changed, added and deleted, and leaves the others", () => {
  const one = "a\nb\nc\nd\n";
  expect(withChangedLines(one, "a\nB\nBB\nc\nd\n", { from: span(2, 2), to: span(2, 3) })).toBe("a\nB\nBB\nc\nd\n");
  // An end of 0 stands for no line: something was added after line 1, or line 3 is gone.
  expect(withChangedLines(one, "a\nx\nb\nc\nD\n", { from: span(1, 0), to: span(2, 2) })).toBe("a\nx\nb\nc\nd\n");
  expect(withChangedLines(one, "a\nb\nd\n", { from: span(3, 3), to: span(2, 0) })).toBe("a\nb\nd\n");
  expect(withChangedLines(one, "x\na\nb\nc\nd\n", { from: span(0, 0), to: span(1, 1) })).toBe("x\na\nb\nc\nd\n");
});

it("keeps ends of lines, and a missing last one", () => {
  expect(withChangedLines("a\r\nb", "a\r\nb\r\nc", { from: span(2, 0), to: span(3, 3) })).toBe("a\r\nb\r\nc");
  expect(withChangedLines("a\nb", "a\nB", { from: span(2, 2), to: span(2, 2) })).toBe("a\nB");
  expect(withChangedLines("", "a\n", { from: span(0, 0), to: span(1, 1) })).toBe("a\n");
});

it("goes back the same way", () => {
  const before = "a\nb\nc\n";
  const after = "a\nB\nB\nc\n";
  expect(withChangedLines(after, before, { from: span(2, 3), to: span(2, 2) })).toBe(before);
});
