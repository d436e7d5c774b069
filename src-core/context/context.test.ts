import { describe, expect, test } from "vitest";
import { describeLeftOut, estimateTokens, requireRoom, takeLines } from "./budget.ts";
import { joinLines, surroundingsOf } from "./surroundings.ts";

function around(marked: string) {
  const start = marked.indexOf("«");
  const { before, after } = surroundingsOf(marked.replace(/[«»]/g, ""), { start, end: marked.indexOf("»") - 1 });
  return [before.join(""), after.join("")];
}

describe("what stands around a selection", () => {
  test.each([
    ["whole lines", "a\nb\n«c\n»d\ne", "a\nb\n", "d\ne"],
    ["a part of a line", "a\nb «c» d\ne\n", "a\n", "e\n"],
    ["up to the end of a line", "a\n  «b»\nc", "a\n", "c"],
    ["Windows line ends", "\uFEFFa\r\n«b»\r\nc\r\n", "a\n", "c\n"],
    ["everything", "«a\nb»", "", ""],
    ["the start", "«a»\nb", "", "b"],
  ])("%s", (_name, marked, before, after) => {
    expect(around(marked)).toEqual([before, after]);
  });

  test("is without blank lines at its ends", () => {
    expect(joinLines(["\n", "  a\n", "\n", "b\n", "\n"])).toBe("  a\n\nb");
  });
});

describe("lines within a budget", () => {
  const lines = ["one\n", "two\n", "three\n", "four\n"];
  const take = (nearest: "first" | "last", most: number, room: number, whyNot?: string) =>
    takeLines({ name: "code", reason: "nearby", lines, nearest, most, whyNot }, room, (text) => text.trim().length);

  test("are the nearest ones, whole, and the others are named", () => {
    expect(take("last", 100, 10)).toEqual({
      lines: ["three\n", "four\n"],
      taken: [{ name: "code, 2 lines", tokens: 9, reason: "nearby" }],
      leftOut: [{ name: "code, 2 lines", tokens: 6, reason: "no room" }],
    });
    expect(take("first", 5, 100).leftOut).toEqual([{ name: "code, 3 lines", tokens: 12, reason: "too far from the selection" }]);
    expect(take("first", 100, 100).leftOut).toEqual([]);
    expect(take("first", 100, -5).lines).toEqual([]);
    expect(take("first", 100, 100, "not wanted")).toMatchObject({ lines: [], taken: [], leftOut: [{ reason: "not wanted" }] });
  });

  test("are all told of", () => {
    expect(describeLeftOut(take("last", 100, 10).leftOut)).toBe("Left out: code, 2 lines (6 tokens, no room).");
  });
});

test("a selection that does not fit is named with its counts", () => {
  expect(() => requireRoom({ selection: 50, rest: 20, answer: 30, window: 100, lines: 1 })).not.toThrow();
  expect(() => requireRoom({ selection: 51, rest: 20, answer: 30, window: 100, lines: 1 })).toThrow(
    expect.objectContaining({
      code: "SELECTION_TOO_LONG",
      message: expect.stringMatching(/51 tokens.*20.*30.*100/),
      hint: "Select less, or set localcoder.inference.contextSize higher.",
    }),
  );
});

test("how much less would fit is said with it", () => {
  expect(() => requireRoom({ selection: 1000, rest: 100, answer: 100, window: 700, lines: 200 })).toThrow(
    expect.objectContaining({ hint: "Select about 90 of the 200 lines, or set localcoder.inference.contextSize higher." }),
  );
});

test("what is written anew may not be longer than an answer either", () => {
  expect(() => requireRoom({ selection: 1000, rest: 100, answer: 100, window: 700, lines: 200, most: 100 })).toThrow(
    expect.objectContaining({ hint: "Select about 18 of the 200 lines, or set localcoder.inference.contextSize higher." }),
  );
});

test("an estimate is on the safe side", () => {
  expect(estimateTokens("const total = items.length;")).toBeGreaterThanOrEqual(7);
  expect(estimateTokens("日本語")).toBeGreaterThanOrEqual(3);
});
