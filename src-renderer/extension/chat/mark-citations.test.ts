import { expect, it } from "vitest";
import { occurrencesOf } from "./mark-citations.ts";

const found = (texts: string[], data: string) =>
  occurrencesOf(texts, data).map(({ start, end }) => data.slice(0, start).length + data.slice(start, end));

it("finds what was named as words of their own, the longest first", () => {
  expect(found(["a.ts", "src/a.ts:3", "line 3"], "See src/a.ts:3, a.ts and b/a.ts; line 3 not line 30.")).toEqual([
    "4src/a.ts:3",
    "16a.ts",
    "33line 3",
  ]);
  expect(found(["", "gone"], "nothing of it is gone-by")).toEqual(["17gone"]);
});
