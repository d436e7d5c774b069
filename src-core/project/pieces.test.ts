import { expect, test } from "vitest";
import { fitPieces } from "./fit.ts";
import { renderMap } from "./map.ts";
import { rank } from "./ranking.ts";

test("each of the first files gets its best place before one gets all the room", () => {
  const pieces = [
    { path: "a", tokens: 40, name: "a1" },
    { path: "a", tokens: 40, name: "a2" },
    { path: "b", tokens: 40, name: "b1" },
    { path: "c", tokens: 90, name: "c1" },
  ];
  const { taken, leftOut } = fitPieces(pieces, 100);
  expect(taken.map(({ name }) => name)).toEqual(["a1", "b1"]);
  expect(leftOut.map(({ name }) => name)).toEqual(["a2", "c1"]);
});

test("a map has whole lines and never more tokens than there is room for", () => {
  const entries = Array.from({ length: 50 }, (_, index) => ({
    path: `f${index % 5}.ts`,
    line: 100 - index,
    signature: `function f${index}()`,
    inner: index % 2 === 0,
  }));
  const count = (text: string) => text.length;
  const { text, tokens, shown } = renderMap(entries, 200, count);
  expect(text.length).toBe(tokens);
  expect(tokens).toBeLessThanOrEqual(200);
  expect(shown).toBeGreaterThan(1);
  expect(text).toContain("f0.ts:\n");
  expect(renderMap(entries, 5, count)).toEqual({ text: "", tokens: 0, shown: 0 });
});

const term = (word: string) => ({ word, weight: 1 });
const nothing = {
  kinds: new Map(),
  defining: [],
  similar: [],
  mentioned: [],
  recent: [],
  earlier: [],
  central: [],
  neighbours: () => [],
  about: { tests: false, prose: false },
};

test("a file with all the words comes before one with one of them often", () => {
  const { files } = rank({
    ...nothing,
    kinds: new Map([
      [1, "code" as const],
      [2, "code" as const],
    ]),
    postings: [
      {
        term: term("retry"),
        postings: [
          { place: 10, file: 1, score: 3, named: 0 },
          { place: 20, file: 2, score: 2, named: 1 },
        ],
      },
      { term: term("delay"), postings: [{ place: 20, file: 2, score: 2, named: 1 }] },
    ],
  });
  expect(files.map(({ file }) => file)).toEqual([2, 1]);
});

test("tests come after code, unless they are asked about", () => {
  const postings = [
    {
      term: term("retry"),
      postings: [
        { place: 20, file: 2, score: 2, named: 0 },
        { place: 10, file: 1, score: 1.9, named: 0 },
      ],
    },
  ];
  const kinds = new Map([
    [1, "code" as const],
    [2, "test" as const],
  ]);
  expect(rank({ ...nothing, kinds, postings }).files[0]?.file).toBe(1);
  expect(rank({ ...nothing, kinds, postings, about: { tests: true, prose: false } }).files[0]?.file).toBe(2);
});

test("what defines a name that was asked for comes before what uses it", () => {
  const { places } = rank({
    ...nothing,
    kinds: new Map([
      [1, "code" as const],
      [2, "code" as const],
    ]),
    postings: [
      {
        term: term("retrydelay"),
        postings: [
          { place: 10, file: 1, score: 2, named: 0 },
          { place: 20, file: 2, score: 1.5, named: 0 },
        ],
      },
    ],
    defining: [{ place: 20, file: 2 }],
  });
  expect(places[0]?.place).toBe(20);
});
