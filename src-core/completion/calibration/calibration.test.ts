import { describe, expect, test } from "vitest";
import { calibrationHoles } from "./holes.ts";
import { bestLayout, candidateLayouts, defaultLayout, type LayoutScore, similarity } from "./score.ts";

describe("the holes", () => {
  test("are a few dozen in several languages, each the rest of a line in a whole program", () => {
    expect(calibrationHoles.length).toBeGreaterThanOrEqual(24);
    expect(new Set(calibrationHoles.map(({ path }) => path.split(".").at(-1))).size).toBeGreaterThanOrEqual(5);
    const programs = new Map<string, string>();
    for (const { path, prefix, expected, suffix } of calibrationHoles) {
      expect(expected.trim()).not.toBe("");
      expect(expected).not.toContain("\n");
      expect(suffix.startsWith("\n")).toBe(true);
      const program = prefix + expected + suffix;
      expect(program).not.toMatch(/[«»]/);
      expect(programs.get(path) ?? program).toBe(program);
      programs.set(path, program);
    }
  });

  test("never stand next to one of the same program", () => {
    const paths = calibrationHoles.map(({ path }) => path);
    expect(paths.filter((path, index) => path === paths[index + 1])).toEqual([]);
  });
});

test.each([
  ["return a;", "return a;", 1],
  [" return a; ", "return a;", 1],
  ["", "", 1],
  ["", "abcd", 0],
  ["abcd", "abxd", 0.75],
  ["abc", "abcd", 0.75],
])("%j is like %j by %d", (written, expected, alike) => {
  expect(similarity(written, expected)).toBe(alike);
});

describe("the best layout", () => {
  const scores = (...exact: readonly number[]): LayoutScore[] =>
    candidateLayouts.map((layout, index) => ({ layout, exact: exact[index] ?? 0, similarity: (exact[index] ?? 0) / 40 }));

  test("is the usual one unless another is clearly better", () => {
    expect(bestLayout(scores(20, 20, 20, 20), 40)).toEqual(defaultLayout);
    expect(bestLayout(scores(20, 21, 10, 19), 40)).toEqual(defaultLayout);
    expect(bestLayout(scores(20, 24, 10, 19), 40)).toEqual(candidateLayouts[1]);
    expect(bestLayout(scores(20, 10, 10, 30), 40)).toEqual(candidateLayouts[3]);
  });

  test("of several that are good it is the one that costs less for a key", () => {
    expect(bestLayout(scores(20, 29, 10, 30), 40)).toEqual(candidateLayouts[1]);
  });
});
