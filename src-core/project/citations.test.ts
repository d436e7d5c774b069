import { describe, expect, test } from "vitest";
import { type CitationLookup, checkCitations, namedPlaces } from "./citations.ts";

const named = (text: string) => namedPlaces(text).map((one) => one.text);

describe("what a text names", () => {
  test.each([
    ["See src/cart.ts:12 and `src/cart.ts:12-20`.", ["src/cart.ts:12", "src/cart.ts:12-20"]],
    ["In [cart](src/cart.ts#L3-L9), as on GitHub", ["src/cart.ts#L3-L9"]],
    ["`cart.ts` has it (see lib/a-b.test.tsx).", ["cart.ts", "lib/a-b.test.tsx"]],
    ["Windows: src\\cart.ts:4", ["src\\cart.ts:4"]],
    ["`retryDelay`, `close()`, `Session.close` and `Box::new(1)`", ["retryDelay", "close()", "Session.close", "Box::new(1)"]],
    ["docs/Dockerfile and src/LICENSE", ["docs/Dockerfile", "src/LICENSE"]],
  ])("%s", (text, expected) => expect(named(text)).toEqual(expected));

  test.each([
    "Go to https://example.com/a/cart.ts:12 or www.example.com/x.js",
    "e.g. this, i.e. that, v1.2.3 and 3.14",
    "the words `true`, `npm` and `the file` are no symbols",
    "```ts\nimport { a } from './missing.ts'; // src/gone.ts:3\n```\nend",
    "an unfinished block:\n```\nsrc/gone.ts:3",
    "me@example.com",
  ])("not in %s", (text) => expect(named(text).filter((one) => one !== "./missing.ts")).toEqual([]));

  test("offsets are those of the text", () => {
    const text = "a\n```\nx\n```\nlook at `src/a.ts:1`";
    const [place] = namedPlaces(text);
    expect(text.slice(place?.start, place?.end)).toBe("src/a.ts:1");
  });

  test("a megabyte without end is read in a moment", () => {
    expect(namedPlaces("src/".repeat(250_000)).length).toBeLessThan(2);
    expect(namedPlaces("`a.".repeat(300_000)).length).toBeLessThan(1000);
  });
});

describe("checked against a workspace", () => {
  const lookup: CitationLookup = {
    file: async (path) => (path.endsWith("cart.ts") ? { path: "src/cart.ts", file: "/w/src/cart.ts", lines: 30 } : undefined),
    symbol: async (name) =>
      name === "addItem"
        ? { path: "src/cart.ts", file: "/w/src/cart.ts", line: 7, last: 12, only: true }
        : name === "mapAll"
          ? "used"
          : undefined,
  };

  test("lines that exist lead there, others are named with what is wrong", async () => {
    const citations = await checkCitations(
      "`cart.ts:7`, src/cart.ts:31, src/gone.ts:1, cart.ts:9-3, `addItem()`, `mapAll()`, `inventIt()`",
      lookup,
    );
    expect(citations.map(({ text, valid, problem, path, from }) => [text, valid, problem ?? `${path}:${from}`])).toEqual([
      ["cart.ts:7", true, "src/cart.ts:7"],
      ["src/cart.ts:31", false, "src/cart.ts has 30 lines."],
      ["src/gone.ts:1", false, "There is no file src/gone.ts in the workspace."],
      ["cart.ts:9-3", false, "src/cart.ts has 30 lines."],
      ["addItem()", true, "src/cart.ts:7"],
      ["mapAll()", true, "undefined:undefined"],
      ["inventIt()", false, "The name inventIt occurs nowhere in the workspace."],
    ]);
  });

  test.each([
    [
      "In `cart.ts`, lines 24–28 add up. Line 31 is past the end.",
      [
        ["lines 24–28", true],
        ["Line 31", false],
      ],
    ],
    ["Lines 29 to 40 of `src/cart.ts` do it.", [["Lines 29 to 40", false]]],
    [
      "The loop in line `7` (cart.ts) and lines 9 and 12.",
      [
        ["line `7`", true],
        ["lines 9 and 12", true],
      ],
    ],
    // No file, or one that is not there: nobody knows what is meant.
    ["See src/gone.ts. Line 99 is wrong.", []],
    ["version line 3.5 and a 2-line 4x4 thing", []],
    ["cart.ts, lines 3–9 is one place, not two", []],
  ])("lines are those of the file that is spoken of: %s", async (text, expected) => {
    const found = (await checkCitations(text, lookup, "cart.ts")).filter(({ text: one }) => /^lines? /i.test(one));
    expect(found.map(({ text: one, valid }) => [one, valid])).toEqual(expected);
  });

  test("lines without any file are checked in the one that was attached, and else not at all", async () => {
    const [line] = await checkCitations("The mistake is on line 44.", lookup, "cart.ts");
    expect(line).toMatchObject({ text: "line 44", kind: "line", valid: false, problem: "src/cart.ts has 30 lines." });
    expect(await checkCitations("The mistake is on line 44.", lookup)).toEqual([]);
  });

  test.each([
    ["`addItem` is in `cart.ts`. Look at lines 20-24.", "addItem is in lines 7–12 of src/cart.ts."],
    ["`addItem` (cart.ts:20) adds.", "addItem is in lines 7–12 of src/cart.ts."],
    ["`addItem` is in `cart.ts`, in lines 10 to 24.", undefined],
    ["`addItem` is in `cart.ts`.\n\nLines 20-24 are about something else.", undefined],
    ["`mapAll()` is called in line 20 of `cart.ts`.", undefined],
  ])("lines that are not those of what they are said to be: %s", async (text, problem) => {
    const found = (await checkCitations(text, lookup)).filter(({ kind }) => kind === "line");
    expect(found.map((one) => [one.valid, one.problem])).toEqual([[problem === undefined, problem]]);
  });

  test("a block that is called by a file that is not there proposes one, and says nothing wrong", async () => {
    const block = "```ts\nexport {};\n```";
    for (const name of ["`src/tax.ts`", "**src/tax.ts**:", "src/tax.ts"])
      expect(await checkCitations(`A new file:\n\n${name}\n${block}`, lookup)).toEqual([]);
    expect(await checkCitations(`It is in \`src/tax.ts\`.\n\nSo:\n${block}`, lookup)).toMatchObject([{ valid: false }]);
  });

  test("a bare name that is no file is a word", async () => {
    expect(await checkCitations("Written for Node.js and Vue.js.", lookup)).toEqual([]);
  });
});
