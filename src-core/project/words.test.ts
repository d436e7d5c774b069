import { describe, expect, test } from "vitest";
import { fileKindOf } from "./files.ts";
import { fuse, ranked } from "./fusion.ts";
import { searchableWords, splitIdentifier } from "./identifiers.ts";
import { pageRank } from "./page-rank.ts";
import { readQuestion } from "./question.ts";

describe("identifiers", () => {
  test.each([
    ["parseHTTPResponse_v2", ["parse", "http", "response", "v", "2"]],
    ["XMLHttpRequest", ["xml", "http", "request"]],
    ["MAX_RETRIES", ["max", "retries"]],
    ["kebab", ["kebab"]],
    ["größeÄndern", ["größe", "ändern"]],
    ["文件", ["文件"]],
    ["$", []],
  ])("%s", (name, parts) => expect(splitIdentifier(name)).toEqual(parts));

  test("are found by their parts and as a whole", () => {
    expect(searchableWords("let retryDelay = a.get_user(1);")).toBe("let retry delay retrydelay get user getuser");
  });

  test("data is no word", () => {
    expect(searchableWords(`key ${"aGVsbG8".repeat(20)} end`)).toBe("key end");
  });
});

describe("a question", () => {
  test("has words, names and paths, and says what it is about", () => {
    const question = readQuestion("Where does `Session.close` in src/http/session.py handle the retryDelay of tests?");
    expect(question.names).toEqual(["Session", "close", "retryDelay"]);
    expect(question.paths).toEqual(["Session.close", "src/http/session.py"]);
    expect(question.terms.map(({ word }) => word)).toEqual(
      expect.arrayContaining(["session", "close", "retry", "delay", "retrydelay", "http"]),
    );
    expect(question.terms.map(({ word }) => word)).not.toContain("where");
    expect(question.about).toEqual({ tests: true, prose: false });
  });

  test("words that people say of everything count less, and pairs may be one name", () => {
    const terms = new Map(readQuestion("fix the retry delay").terms.map(({ word, weight }) => [word, weight]));
    expect(terms.get("fix")).toBeLessThan(terms.get("retry") as number);
    expect(terms.has("retrydelay")).toBe(true);
  });

  test("a megabyte is read quickly and asks for little", () => {
    expect(readQuestion("word and Other.thing/ ".repeat(50_000)).terms.length).toBeLessThan(50);
  });
});

test("orders are merged by rank, whatever their scores were", () => {
  const merged = fuse([
    { weight: 1, ids: ["a", "b", "c"] },
    { weight: 1, ids: ["b", "c", "a"] },
    { weight: 0.1, ids: ["d"] },
  ]);
  expect(ranked(merged)).toEqual(["b", "a", "c", "d"]);
});

describe("page rank", () => {
  const edges = [
    { from: "a", to: "core", weight: 1 },
    { from: "b", to: "core", weight: 1 },
    { from: "core", to: "base", weight: 1 },
  ];
  const nodes = ["a", "b", "core", "base"];

  test("what is used by what is used comes first", () => {
    const ranks = pageRank(nodes, edges);
    expect(
      [...ranks]
        .sort(([, one], [, other]) => other - one)
        .map(([node]) => node)
        .slice(0, 2),
    ).toEqual(["base", "core"]);
    expect([...ranks.values()].reduce((sum, rank) => sum + rank, 0)).toBeCloseTo(1);
  });

  test("begins where the reader is", () => {
    const ranks = pageRank(
      ["a", "b", "x", "y"],
      [
        { from: "a", to: "x", weight: 1 },
        { from: "b", to: "y", weight: 1 },
      ],
      new Map([["b", 1]]),
    );
    expect(ranks.get("y")).toBeGreaterThan(ranks.get("x") as number);
  });
});

test.each([
  ["src/cart.ts", "code"],
  ["src/cart.test.ts", "test"],
  ["tests/test_cart.py", "test"],
  ["lib/Cart.kt", "code"],
  ["README.md", "prose"],
  ["CHANGES.rst", "prose"],
  ["package.json", "data"],
  ["CMakeLists.txt", "data"],
  ["package-lock.json", undefined],
  ["logo.png", undefined],
])("%s is %s", (path, kind) => expect(fileKindOf(path)).toBe(kind));
