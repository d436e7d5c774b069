import { expect, it } from "vitest";
import { placesIn } from "./place-links.ts";

it("finds paths with folders and files with lines, and nothing else", () => {
  const found = (text: string) => placesIn(text).map(({ path, from, to }) => [path, from, to]);
  expect(found("See src/a.ts:12-20, `lib/b.py` and main.go:3.")).toEqual([
    ["src/a.ts", 12, 20],
    ["lib/b.py", undefined, undefined],
    ["main.go", 3, 3],
  ]);
  expect(found("Version 1.5.2 of https://example.com/a/b.html at 12:30, e.g. this.count or a.b.c")).toEqual([]);
});

it("says where a place stands", () => {
  const [place] = placesIn("In src/a.ts:3!");
  expect("In src/a.ts:3!".slice(place?.start, place?.end)).toBe("src/a.ts:3");
});
