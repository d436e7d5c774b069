import { describe, expect, test } from "vitest";
import { cutPlaces, sectionsOf } from "./places.ts";

const shown = (places: ReturnType<typeof cutPlaces>) => places.map(({ from, to, names }) => [from, to, ...names]);

describe("places", () => {
  test("are cut at definitions, with the comments above them", () => {
    const lines = [
      "import a",
      "",
      "// Adds.",
      "function add() {",
      ...Array<string>(20).fill("  work()"),
      "}",
      "",
      "/** Gone. */",
      "@once",
      "function remove() {",
      ...Array<string>(20).fill("  work()"),
      "}",
    ];
    const spans = [
      { name: "add", from: 3, to: 24 },
      { name: "remove", from: 28, to: 49 },
    ];
    expect(shown(cutPlaces(lines, spans))).toEqual([
      [0, 0],
      [2, 24, "add"],
      [26, 49, "remove"],
    ]);
  });

  test("a long class is cut at its methods, and every line with text is in exactly one place", () => {
    const lines = ["class Big {", ...Array.from({ length: 200 }, (_, index) => `  line${index}`), "}"];
    const spans = [
      { name: "Big", from: 0, to: 201 },
      { name: "first", from: 10, to: 50 },
      { name: "second", from: 60, to: 190 },
    ];
    const places = cutPlaces(lines, spans);
    expect(places.find(({ from }) => from === 10)).toEqual({ from: 10, to: 50, names: ["first"], within: ["Big"] });
    const counted = lines.map((_, line) => places.filter(({ from, to }) => line >= from && line <= to).length);
    expect(counted.slice(0, 201)).toEqual(Array(201).fill(1));
    expect(Math.max(...places.map(({ from, to }) => to - from))).toBeLessThan(60);
  });

  test("small neighbours are one place", () => {
    const lines = Array.from({ length: 12 }, (_, index) => (index % 3 === 2 ? "" : `line${index}`));
    const spans = [0, 3, 6, 9].map((from) => ({ name: `f${from}`, from, to: from + 1 }));
    expect(shown(cutPlaces(lines, spans))).toEqual([[0, 10, "f0", "f3", "f6", "f9"]]);
  });

  test("nothing, blanks and one endless line are no problem", () => {
    expect(cutPlaces([], [])).toEqual([]);
    expect(cutPlaces(["", "  ", "}"], [])).toEqual([]);
    expect(cutPlaces(["x".repeat(100_000)], [])).toHaveLength(1);
    expect(cutPlaces(Array(5000).fill("a\u00a0b"), []).length).toBeGreaterThan(80);
  });
});

test("sections of texts are named by their headings, not by comments in blocks", () => {
  const lines = ["Title", "=====", "", "text", "## Use", "```sh", "# comment", "```", "more"];
  expect(sectionsOf(lines)).toEqual([
    { name: "Title", from: 0, to: 3 },
    { name: "Use", from: 4, to: 8 },
  ]);
});
