import { describe, expect, test } from "vitest";
import { confidentPieces, cutPieces, meanProbability, thresholdsOf } from "./confidence.ts";

const pieces = (...all: [string, number][]) => all.map(([text, probability]) => ({ text, probability }));
const kept = (all: ReturnType<typeof pieces>, thresholds = thresholdsOf.balanced) =>
  all
    .slice(0, confidentPieces(all, thresholds))
    .map(({ text }) => text)
    .join("");

describe("the cut", () => {
  test.each([
    ["everything that is certain", pieces(["return", 0.9], [" x", 0.8]), "return x"],
    ["up to the first doubtful token", pieces(["return", 0.9], [" x", 0.1], [";", 0.9]), "return"],
    ["nothing where the first is doubtful", pieces(["return", 0.1], [" x", 0.9]), ""],
    ["never inside a word", pieces(["x = get", 0.9], ["Value", 0.1]), ""],
    ["at the boundary before the torn word", pieces(["x", 0.9], [" =", 0.9], [" get", 0.9], ["Value", 0.1]), "x ="],
    ["where the product of the line is too small", pieces(["a", 0.4], [" b", 0.4], [" c", 0.4], [" d", 0.4]), "a b"],
    ["a doubtful later line as a whole", pieces(["a;\n", 0.9], ["b", 0.4], [" c", 0.4], [" d", 0.4]), "a;\n"],
    ["each line by itself", pieces(["a", 0.4], [";\n", 0.4], ["b", 0.4], [";", 0.4]), "a;\nb;"],
    ["not in the middle of a character", pieces(["'", 0.9], ["", 0.9], ["😀", 0.1]), "'"],
  ])("keeps %s", (_name, all, text) => expect(kept(all)).toBe(text));

  test("bolder keeps more than quieter", () => {
    const all = pieces(["a", 0.3], [" b", 0.3]);
    expect(kept(all, thresholdsOf.quieter)).toBe("");
    expect(kept(all, thresholdsOf.bolder)).toBe("a b");
  });
});

test("cutting by characters shortens the last piece", () => {
  expect(cutPieces(pieces(["ab", 1], ["cd", 1], ["ef", 1]), 3).map(({ text }) => text)).toEqual(["ab", "c"]);
  expect(cutPieces(pieces(["ab", 1]), 0)).toEqual([]);
});

test("the mean is geometric", () => {
  expect(meanProbability(pieces(["a", 0.25], ["b", 1]))).toBeCloseTo(0.5);
  expect(meanProbability([])).toBe(0);
});
